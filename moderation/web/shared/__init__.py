"""What more than one audience's API needs: common serializers and request handling."""
