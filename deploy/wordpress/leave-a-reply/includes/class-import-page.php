<?php
/**
 * The page of the import.
 *
 * @package Leave_A_Reply
 */

namespace Leave_A_Reply;

defined( 'ABSPATH' ) || exit;

/** *Tools → Leave a Reply*: begins, stops and resumes the import, and shows how far it is. */
final class Import_Page {

	const PAGE   = 'leave-a-reply-import';
	const BEGIN  = 'leave_a_reply_begin_import';
	const STOP   = 'leave_a_reply_stop_import';
	const RESUME = 'leave_a_reply_resume_import';

	/** Seconds until a page that shows a running import is loaded again. */
	const REFRESH = 5;

	/** Hook into WordPress. */
	public static function start() {
		add_action( 'admin_menu', array( __CLASS__, 'add_page' ) );
		foreach ( array( self::BEGIN, self::STOP, self::RESUME ) as $action ) {
			add_action( "admin_post_$action", array( __CLASS__, 'act' ) );
		}
	}

	/** Add the page to the menu. */
	public static function add_page() {
		$page = add_management_page( __( 'Import into Leave a Reply', 'leave-a-reply' ), __( 'Leave a Reply', 'leave-a-reply' ), Settings::CAPABILITY, self::PAGE, array( __CLASS__, 'show' ) );
		add_action( "load-$page", array( __CLASS__, 'refresh' ) );
	}

	/** Have the browser look again while the import runs. */
	public static function refresh() {
		if ( Import_Job::RUNNING === ( Import_Job::status()['state'] ?? '' ) ) {
			header( 'Refresh: ' . self::REFRESH );
		}
	}

	/** Do what a button says. */
	public static function act() {
		$action = sanitize_key( $_POST['action'] ?? '' ); // phpcs:ignore WordPress.Security.NonceVerification.Missing -- Verified in the next line.
		Settings::require_permission( $action );
		if ( self::BEGIN === $action ) {
			Import_Job::begin();
		} elseif ( self::STOP === $action ) {
			Import_Job::stop();
		} else {
			Import_Job::resume();
		}
		wp_safe_redirect( admin_url( 'tools.php?page=' . self::PAGE ) );
		exit;
	}

	/** Print the page. */
	public static function show() {
		$job = Import_Job::status();
		echo '<div class="wrap"><h1>' . esc_html( get_admin_page_title() ) . '</h1>';
		/* translators: 1: a number of comments, 2: another one */
		$sentence = __( '%1$s comments can be imported: published ones, and those that wait. %2$s stay here: spam, the trash, pingbacks, and what stands below posts that not everybody may read.', 'leave-a-reply' );
		printf( '<p>%s</p>', esc_html( sprintf( $sentence, number_format_i18n( Comment_File::total() ), number_format_i18n( Comment_File::left_out() ) ) ) );
		if ( $job ) {
			self::show_progress( $job );
		}
		self::show_buttons( $job['state'] ?? '' );
		echo '</div>';
	}

	/**
	 * Print how far an import is.
	 *
	 * @param array $job The import.
	 */
	private static function show_progress( $job ) {
		$states = array(
			Import_Job::RUNNING => __( 'The import runs in the background. You may leave this page.', 'leave-a-reply' ),
			Import_Job::STOPPED => __( 'The import is stopped.', 'leave-a-reply' ),
			Import_Job::FAILED  => __( 'The import can’t go on:', 'leave-a-reply' ),
			Import_Job::DONE    => __( 'The import is done.', 'leave-a-reply' ),
		);
		$done = $job['created'] + $job['skipped'] + $job['problems'];
		printf( '<p><strong>%s</strong> %s</p>', esc_html( $states[ $job['state'] ] ), esc_html( $job['message'] ) );
		printf( '<p><progress max="%d" value="%d"></progress></p>', (int) max( 1, $job['total'] ), (int) $done );
		/* translators: 1 to 5: numbers of comments */
		$sentence = __( '%1$s of %2$s: %3$s came in, %4$s were there already or left out, %5$s can’t be read.', 'leave-a-reply' );
		$numbers  = array_map( 'number_format_i18n', array( $done, $job['total'], $job['created'], $job['skipped'], $job['problems'] ) );
		printf( '<p>%s</p>', esc_html( vsprintf( $sentence, $numbers ) ) );
	}

	/**
	 * Print what can be done in a state.
	 *
	 * @param string $state The import's state, empty before the first one.
	 */
	private static function show_buttons( $state ) {
		if ( ! Options::get( 'url' ) || ! Options::get( 'key' ) ) {
			printf( '<p><a href="%s">%s</a></p>', esc_url( Settings::url() ), esc_html__( 'Set the address of the server and a key first.', 'leave-a-reply' ) );
		} elseif ( Import_Job::RUNNING === $state ) {
			Settings::show_button( self::STOP, __( 'Stop', 'leave-a-reply' ) );
		} else {
			if ( in_array( $state, array( Import_Job::STOPPED, Import_Job::FAILED ), true ) ) {
				Settings::show_button( self::RESUME, __( 'Go on', 'leave-a-reply' ) );
			}
			Settings::show_button( self::BEGIN, $state ? __( 'Import again', 'leave-a-reply' ) : __( 'Import', 'leave-a-reply' ) );
		}
	}
}
