<?php
/**
 * The numbers of comments, as WordPress keeps them.
 *
 * @package Leave_A_Reply
 */

namespace Leave_A_Reply;

defined( 'ABSPATH' ) || exit;

/** Asks the server for numbers every five minutes by WP-Cron; no page ever waits for it. */
final class Counts {

	const EVENT    = 'leave_a_reply_counts';
	const SCHEDULE = 'leave_a_reply_five_minutes';

	/** Where a post's number is kept: WordPress's own column is computed anew by others, too. */
	const META = '_leave_a_reply_count';

	/** After which post the next run goes on with the older ones. */
	const PLACE = 'leave_a_reply_counts_place';

	/** Posts that each run asks for: the newest, and as many of all others, in turn. */
	const POSTS = 100;

	/** The longest address of a request: servers take 8,190 bytes of its first line. */
	const LONGEST_URL = 7500;

	/** Hook into WordPress. */
	public static function start() {
		add_filter( 'cron_schedules', array( __CLASS__, 'schedules' ) ); // phpcs:ignore WordPress.WP.CronInterval.CronSchedulesInterval -- One request each time.
		add_action( 'init', array( __CLASS__, 'schedule' ) );
		add_action( self::EVENT, array( __CLASS__, 'refresh' ) );
		add_filter( 'pre_wp_update_comment_count_now', array( __CLASS__, 'count' ), 10, 3 );
	}

	/** Forget the numbers, and have WordPress count its own comments again. */
	public static function stop() {
		wp_clear_scheduled_hook( self::EVENT );
		delete_option( self::PLACE );
		remove_filter( 'pre_wp_update_comment_count_now', array( __CLASS__, 'count' ) );
		$posts = get_posts(
			array(
				'post_type'   => 'any',
				'post_status' => 'any',
				'meta_key'    => self::META, // phpcs:ignore WordPress.DB.SlowDBQuery.slow_db_query_meta_key -- Once, at the end.
				'fields'      => 'ids',
				'numberposts' => -1,
			)
		);
		foreach ( $posts as $post_id ) {
			delete_post_meta( $post_id, self::META );
			wp_update_comment_count_now( $post_id );
		}
	}

	/**
	 * Add our interval.
	 *
	 * @param array $schedules The intervals.
	 */
	public static function schedules( $schedules ) {
		$schedules[ self::SCHEDULE ] = array(
			'interval' => 5 * MINUTE_IN_SECONDS,
			'display'  => __( 'Every five minutes', 'leave-a-reply' ),
		);
		return $schedules;
	}

	/** Have the numbers asked for, as long as the section is shown. */
	public static function schedule() {
		$scheduled = wp_next_scheduled( self::EVENT );
		if ( Options::shows_section() && ! $scheduled ) {
			wp_schedule_event( time(), self::SCHEDULE, self::EVENT );
		} elseif ( ! Options::shows_section() && $scheduled ) {
			self::stop();
		}
	}

	/** Ask for the newest posts, and for the next ones of all others. */
	public static function refresh() {
		if ( ! Options::shows_section() ) {
			return;
		}
		$newest = self::posts( PHP_INT_MAX );
		$place  = (int) get_option( self::PLACE, 0 );
		$older  = self::posts( $place ? $place : (int) end( $newest ) );
		update_option( self::PLACE, $older ? end( $older ) : 0, false );
		self::ask( array_unique( array_merge( $newest, $older ) ) );
	}

	/**
	 * Return the ids of posts, the newest first.
	 *
	 * @param int $before Only posts with lower ids.
	 * @return int[]
	 */
	private static function posts( $before ) {
		global $wpdb;
		$types  = (array) Options::get( 'post_types' );
		if ( ! $types ) {
			return array();
		}
		$marks  = implode( ', ', array_fill( 0, count( $types ), '%s' ) );
		$values = array_merge( $types, array( $before, self::POSTS ) );
		// phpcs:ignore WordPress.DB -- Only placeholders are put together.
		return array_map( 'intval', $wpdb->get_col( $wpdb->prepare( "SELECT ID FROM $wpdb->posts WHERE post_type IN ($marks) AND post_status = 'publish' AND ID < %d ORDER BY ID DESC LIMIT %d", $values ) ) );
	}

	/**
	 * Ask for the numbers of posts, with as many requests as their addresses need.
	 *
	 * @param int[] $posts Their ids.
	 */
	private static function ask( $posts ) {
		_prime_post_caches( $posts );
		$asked = array();
		foreach ( $posts as $post_id ) {
			$longer = $asked + array( $post_id => get_permalink( $post_id ) );
			if ( $asked && strlen( self::url( $longer ) ) > self::LONGEST_URL ) {
				self::store( $asked );
				$longer = array( $post_id => $longer[ $post_id ] );
			}
			$asked = $longer;
		}
		self::store( $asked );
	}

	/**
	 * Ask once, and keep the answer. When there is none, the numbers stay what they were.
	 *
	 * @param array<int, string> $addresses Of posts, by their ids.
	 */
	private static function store( $addresses ) {
		$answer = $addresses ? Server::ask( 'GET', self::url( $addresses ) ) : array();
		if ( is_wp_error( $answer ) || ! isset( $answer['counts'] ) ) {
			return;
		}
		foreach ( $addresses as $post_id => $address ) {
			$count = (int) ( $answer['counts'][ $address ] ?? 0 );
			if ( (string) $count !== get_post_meta( $post_id, self::META, true ) ) {
				update_post_meta( $post_id, self::META, $count );
				wp_update_comment_count_now( $post_id );
			}
		}
	}

	/**
	 * Return the address that tells the numbers of pages.
	 *
	 * @param string[] $addresses The pages.
	 */
	private static function url( $addresses ) {
		$query = array();
		foreach ( $addresses as $address ) {
			$query[] = array( 'thread', $address );
		}
		return Server::site_url( '/counts', $query );
	}

	/**
	 * Give WordPress the server's number in place of its own.
	 *
	 * @param int|null $count   What another plugin has said.
	 * @param int      $before  The number until now.
	 * @param int      $post_id The post.
	 */
	public static function count( $count, $before, $post_id ) {
		$ours = get_post_meta( $post_id, self::META, true );
		return '' === $ours || ! Section::takes( $post_id ) ? $count : (int) $ours;
	}
}
