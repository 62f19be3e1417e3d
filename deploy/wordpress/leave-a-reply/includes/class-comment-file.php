<?php
/**
 * Comments of this site as a file.
 *
 * @package Leave_A_Reply
 */

namespace Leave_A_Reply;

defined( 'ABSPATH' ) || exit;

/**
 * Writes WXR, the format of *Tools → Export*, piece by piece: a whole export is more than many
 * servers can hold. Spam, the trash, and what no reader wrote stay here, as does what stands below
 * posts that not everybody may read.
 */
final class Comment_File {

	/** Comments in one piece; the filter `leave_a_reply_import_size` may say another number. */
	const SIZE = 1000;

	const COMMENTS = "comment_approved IN ('0', '1') AND comment_type IN ('', 'comment') AND post_status = 'publish' AND post_password = ''";

	/** Return how many comments there are to be written. */
	public static function total() {
		global $wpdb;
		return (int) $wpdb->get_var( "SELECT COUNT(*) FROM $wpdb->comments JOIN $wpdb->posts ON ID = comment_post_ID WHERE " . self::COMMENTS ); // phpcs:ignore WordPress.DB -- Only constants.
	}

	/** Return how many comments stay here. */
	public static function left_out() {
		global $wpdb;
		return (int) $wpdb->get_var( "SELECT COUNT(*) FROM $wpdb->comments" ) - self::total(); // phpcs:ignore WordPress.DB -- Counted when somebody looks.
	}

	/**
	 * Return the comments behind one, the oldest first.
	 *
	 * @param int $after The id of that comment.
	 * @return object[] Rows of the table of comments.
	 */
	public static function comments( $after ) {
		global $wpdb;
		// phpcs:ignore WordPress.DB -- Each is read once, and the condition is a constant.
		return $wpdb->get_results( $wpdb->prepare( "SELECT $wpdb->comments.* FROM $wpdb->comments JOIN $wpdb->posts ON ID = comment_post_ID WHERE " . self::COMMENTS . ' AND comment_ID > %d ORDER BY comment_ID LIMIT %d', $after, max( 1, (int) apply_filters( 'leave_a_reply_import_size', self::SIZE ) ) ) );
	}

	/**
	 * Write comments below their posts.
	 *
	 * @param object[] $comments Rows of the table of comments.
	 */
	public static function write( $comments ) {
		$posts = array();
		foreach ( $comments as $comment ) {
			$posts[ $comment->comment_post_ID ][] = self::comment( $comment );
		}
		_prime_post_caches( array_keys( $posts ), false, false );
		$items = '';
		foreach ( $posts as $post_id => $written ) {
			$items .= self::post( get_post( $post_id ), implode( '', $written ) );
		}
		return '<?xml version="1.0" encoding="UTF-8"?>' . "\n"
			. '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version>'
			. "\n$items</channel></rss>\n";
	}

	/**
	 * Write a post with its comments.
	 *
	 * @param \WP_Post $post     The post.
	 * @param string   $comments The comments as XML.
	 */
	private static function post( $post, $comments ) {
		$title = wp_strip_all_tags( html_entity_decode( get_the_title( $post ), ENT_QUOTES, 'UTF-8' ) );
		return '<item>' . self::element( 'title', $title ) . self::element( 'link', get_permalink( $post ) )
			. self::element( 'wp:post_id', $post->ID ) . self::element( 'wp:post_date_gmt', $post->post_date_gmt )
			. self::element( 'wp:comment_status', $post->comment_status ) . self::element( 'wp:status', $post->post_status )
			. self::element( 'wp:post_type', $post->post_type ) . "\n$comments</item>\n";
	}

	/**
	 * Write a comment.
	 *
	 * @param object $comment The row.
	 */
	private static function comment( $comment ) {
		$fields = array(
			'comment_id'           => $comment->comment_ID,
			'comment_author'       => $comment->comment_author,
			'comment_author_email' => $comment->comment_author_email,
			'comment_author_url'   => $comment->comment_author_url,
			'comment_author_IP'    => $comment->comment_author_IP,
			'comment_date'         => $comment->comment_date,
			'comment_date_gmt'     => $comment->comment_date_gmt,
			'comment_content'      => $comment->comment_content,
			'comment_approved'     => $comment->comment_approved,
			'comment_type'         => $comment->comment_type,
			'comment_parent'       => $comment->comment_parent,
		);
		$written = '';
		foreach ( $fields as $name => $value ) {
			$written .= self::element( "wp:$name", $value );
		}
		return "<wp:comment>$written</wp:comment>\n";
	}

	/**
	 * Write an element, without the characters that XML can't have.
	 *
	 * @param string     $name  Its name.
	 * @param string|int $value Its text.
	 */
	private static function element( $name, $value ) {
		$text = preg_replace( '/[^\x{9}\x{A}\x{D}\x{20}-\x{D7FF}\x{E000}-\x{FFFD}\x{10000}-\x{10FFFF}]/u', '', wp_check_invalid_utf8( (string) $value, true ) );
		return "<$name>" . htmlspecialchars( $text, ENT_XML1 | ENT_QUOTES, 'UTF-8' ) . "</$name>";
	}
}
