<?php
/**
 * What the server is told of posts: address, title, and whether they take comments.
 *
 * @package Leave_A_Reply
 */

namespace Leave_A_Reply;

defined( 'ABSPATH' ) || exit;

/**
 * Names a post to the server before its first comment, and closes its thread where WordPress closes
 * the post. In the background, by WP-Cron, once the post is saved or shown; it needs the key.
 */
final class Pages {

	const EVENT = 'leave_a_reply_page';

	/** What the server was told last: `thread`, `url`, `title` and `open`. */
	const META = '_leave_a_reply_page';

	/** While it is there, nothing is told: the key is wrong, or the server is away. */
	const PAUSE = 'leave_a_reply_pages_pause';

	/** Hook into WordPress. */
	public static function start() {
		add_action( self::EVENT, array( __CLASS__, 'tell' ) );
		add_action( 'wp_after_insert_post', array( __CLASS__, 'plan' ) );
		add_action( 'wp', array( __CLASS__, 'plan_shown' ) );
	}

	/** Have the server told of the post that is shown, which may have grown too old for comments. */
	public static function plan_shown() {
		if ( is_singular() ) {
			self::plan( get_queried_object_id() );
		}
	}

	/**
	 * Have the server told, where it does not know a post as it is.
	 *
	 * @param int|\WP_Post $post The post.
	 */
	public static function plan( $post ) {
		$post = get_post( $post );
		if ( ! self::is_told_of( $post ) || get_transient( self::PAUSE ) ) {
			return;
		}
		$told = self::told( $post );
		if ( array_intersect_key( $told, self::now( $post ) ) !== self::now( $post ) && ! wp_next_scheduled( self::EVENT, array( $post->ID ) ) ) {
			wp_schedule_single_event( time(), self::EVENT, array( $post->ID ) );
		}
	}

	/**
	 * Tell the server of a post as it is now.
	 *
	 * @param int $post_id The post.
	 */
	public static function tell( $post_id ) {
		$post = get_post( $post_id );
		if ( ! self::is_told_of( $post ) ) {
			return;
		}
		$now    = self::now( $post );
		$told   = self::told( $post );
		$thread = self::named( $told, $now );
		// A thread that a moderator has closed stays so while nothing changes here.
		if ( is_string( $thread ) && $now['open'] !== $told['open'] ) {
			$closed = self::ask( 'PATCH', "/$thread", array( 'closed' => ! $now['open'] ) );
			$thread = is_wp_error( $closed ) ? $closed : $thread;
		}
		if ( is_wp_error( $thread ) ) {
			set_transient( self::PAUSE, $thread->get_error_message(), HOUR_IN_SECONDS );
			return;
		}
		update_post_meta( $post->ID, self::META, array_merge( array( 'thread' => $thread ), $now ) );
	}

	/**
	 * Return the id of a post's thread, which has its address and title then.
	 *
	 * @param array $told What was told last.
	 * @param array $now  What is so now.
	 * @return string|\WP_Error
	 */
	private static function named( $told, $now ) {
		$page = array(
			'url'   => $now['url'],
			'title' => $now['title'],
		);
		if ( '' !== $told['thread'] && array_intersect_key( $told, $page ) === $page ) {
			return $told['thread'];
		}
		$thread = new \WP_Error( 'leave_a_reply_new' );
		if ( '' !== $told['thread'] ) {
			$thread = self::ask( 'PATCH', '/' . $told['thread'], $page );
		}
		// It is new, its thread was merged or deleted, or another thread has the address already.
		if ( is_wp_error( $thread ) && in_array( $thread->get_error_data()['status'] ?? 404, array( 404, 409 ), true ) ) {
			$thread = self::ask( 'POST', '', $page );
		}
		return is_wp_error( $thread ) ? $thread : (string) $thread['id'];
	}

	/**
	 * Ask the server about threads.
	 *
	 * @param string $method POST or PATCH.
	 * @param string $path   Below `threads`.
	 * @param array  $body   What is sent.
	 */
	private static function ask( $method, $path, $body ) {
		$request = array(
			'headers' => array( 'Content-Type' => 'application/json' ),
			'body'    => wp_json_encode( $body ),
		);
		return Server::ask_with_key( $method, Server::url( "/api/v1/threads$path" ), $request );
	}

	/**
	 * Tell whether the server is told of a post: only of what everybody may read.
	 *
	 * @param \WP_Post|null $post The post.
	 */
	private static function is_told_of( $post ) {
		return $post && Options::get( 'key' ) && Section::takes( $post )
			&& 'publish' === $post->post_status && '' === $post->post_password;
	}

	/**
	 * Return what the server was told last.
	 *
	 * @param \WP_Post $post The post.
	 */
	private static function told( $post ) {
		$nothing = array(
			'thread' => '',
			'url'    => '',
			'title'  => '',
			'open'   => true,
		);
		return array_merge( $nothing, array_filter( (array) get_post_meta( $post->ID, self::META, true ), 'is_scalar' ) );
	}

	/**
	 * Return what is so now.
	 *
	 * @param \WP_Post $post The post.
	 */
	private static function now( $post ) {
		return array(
			'url'   => get_permalink( $post ),
			'title' => Section::title( $post ),
			'open'  => comments_open( $post ),
		);
	}
}
