<?php
/**
 * The doors through which comments would still come into WordPress.
 *
 * @package Leave_A_Reply
 */

namespace Leave_A_Reply;

defined( 'ABSPATH' ) || exit;

/** Refuses comments that go around the section: nobody would ever see them. */
final class Closing {

	/** Hook into WordPress. */
	public static function start() {
		add_action( 'pre_comment_on_post', array( __CLASS__, 'refuse_form' ) );
		add_filter( 'rest_pre_insert_comment', array( __CLASS__, 'refuse_rest' ) );
		add_filter( 'xmlrpc_methods', array( __CLASS__, 'without_comments' ) );
		add_filter( 'pings_open', array( __CLASS__, 'without_pings' ), 10, 2 );
		add_filter( 'feed_links_show_comments_feed', array( __CLASS__, 'without_feeds' ) );
		add_filter( 'feed_links_extra_show_post_comments_feed', array( __CLASS__, 'without_feeds' ) );
	}

	/**
	 * Refuse what is sent to wp-comments-post.php.
	 *
	 * @param int $post_id The post.
	 */
	public static function refuse_form( $post_id ) {
		if ( Section::takes( $post_id ) ) {
			wp_die( esc_html( self::reason() ), '', array( 'response' => 403 ) );
		}
	}

	/**
	 * Refuse what is sent to the REST API.
	 *
	 * @param array|\WP_Error $comment The comment.
	 */
	public static function refuse_rest( $comment ) {
		if ( is_array( $comment ) && Section::takes( (int) ( $comment['comment_post_ID'] ?? 0 ) ) ) {
			return new \WP_Error( 'leave_a_reply_elsewhere', self::reason(), array( 'status' => 403 ) );
		}
		return $comment;
	}

	/**
	 * Take new comments out of XML-RPC.
	 *
	 * @param array $methods Its methods.
	 */
	public static function without_comments( $methods ) {
		if ( Options::shows_section() ) {
			unset( $methods['wp.newComment'] );
		}
		return $methods;
	}

	/**
	 * Take no pingbacks, which the section does not show.
	 *
	 * @param bool $open    Whether the post takes them.
	 * @param int  $post_id The post.
	 */
	public static function without_pings( $open, $post_id ) {
		return $open && ! Section::takes( $post_id );
	}

	/**
	 * Leave WordPress's own feeds of comments out of the page's head.
	 *
	 * @param bool $show Whether they are there.
	 */
	public static function without_feeds( $show ) {
		return $show && ! Options::shows_section();
	}

	/** Return what is said to who tries. */
	private static function reason() {
		return __( 'Comments are written in the section below the post.', 'leave-a-reply' );
	}
}
