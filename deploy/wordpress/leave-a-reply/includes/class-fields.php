<?php
/**
 * The fields of the settings page.
 *
 * @package Leave_A_Reply
 */

namespace Leave_A_Reply;

defined( 'ABSPATH' ) || exit;

/** Prints fields. What stands in wp-config.php is shown there, and can't be changed. */
final class Fields {

	/**
	 * Print a line of text.
	 *
	 * @param array $field Its `name` and `help`.
	 */
	public static function text( $field ) {
		self::input( $field, 'text', (string) Options::get( $field['name'] ), '' );
		self::help( $field );
	}

	/**
	 * Print a secret, which is not shown once it is there.
	 *
	 * @param array $field Its `name` and `help`.
	 */
	public static function secret( $field ) {
		$is_set = '' !== (string) Options::get( $field['name'] );
		self::input( $field, 'password', '', $is_set ? __( 'It is set. Leave this empty to keep it.', 'leave-a-reply' ) : '' );
		if ( $is_set && ! Options::is_constant( $field['name'] ) ) {
			printf(
				'<p><label><input type="checkbox" name="%s[forget_%s]" value="1"> %s</label></p>',
				esc_attr( Options::NAME ),
				esc_attr( $field['name'] ),
				esc_html__( 'Remove it', 'leave-a-reply' )
			);
		}
		self::help( $field );
	}

	/**
	 * Print a box to tick, with the help beside it.
	 *
	 * @param array $field Its `name` and `help`.
	 */
	public static function checkbox( $field ) {
		printf(
			'<label><input type="checkbox" name="%s[%s]" value="1"%s%s> %s</label>',
			esc_attr( Options::NAME ),
			esc_attr( $field['name'] ),
			checked( (bool) Options::get( $field['name'] ), true, false ),
			disabled( Options::is_constant( $field['name'] ), true, false ),
			esc_html( $field['help'] )
		);
	}

	/**
	 * Print what the Akismet plugin is led to.
	 *
	 * @param array $field Its `name` and `help`.
	 */
	public static function akismet( $field ) {
		$choices = array(
			Akismet_Route::OFF    => __( 'Leave it alone', 'leave-a-reply' ),
			Akismet_Route::COPY   => __( 'Akismet answers, Leave a Reply gets a copy to compare', 'leave-a-reply' ),
			Akismet_Route::ANSWER => __( 'Leave a Reply answers in its place', 'leave-a-reply' ),
		);
		printf( '<select id="leave-a-reply-%1$s" name="%2$s[%1$s]"%3$s>', esc_attr( $field['name'] ), esc_attr( Options::NAME ), disabled( Options::is_constant( $field['name'] ), true, false ) );
		foreach ( $choices as $value => $label ) {
			printf( '<option value="%s"%s>%s</option>', esc_attr( $value ), selected( Options::get( $field['name'] ), $value, false ), esc_html( $label ) );
		}
		echo '</select>';
		self::help( $field );
	}

	/**
	 * Print a box for each type of post that can have comments.
	 *
	 * @param array $field Its `name`.
	 */
	public static function post_types( $field ) {
		$chosen = (array) Options::get( $field['name'] );
		foreach ( Options::possible_post_types() as $type ) {
			printf(
				'<p><label><input type="checkbox" name="%s[%s][]" value="%s"%s> %s</label></p>',
				esc_attr( Options::NAME ),
				esc_attr( $field['name'] ),
				esc_attr( $type ),
				checked( in_array( $type, $chosen, true ), true, false ),
				esc_html( get_post_type_object( $type )->labels->name )
			);
		}
	}

	/**
	 * Print an input.
	 *
	 * @param array  $field       Its `name`.
	 * @param string $type        Of the input.
	 * @param string $value       What is in it.
	 * @param string $placeholder What is shown while nothing is in it.
	 */
	private static function input( $field, $type, $value, $placeholder ) {
		printf(
			'<input type="%s" id="leave-a-reply-%s" name="%s[%s]" value="%s" placeholder="%s" class="regular-text" autocomplete="off"%s>',
			esc_attr( $type ),
			esc_attr( $field['name'] ),
			esc_attr( Options::NAME ),
			esc_attr( $field['name'] ),
			esc_attr( $value ),
			esc_attr( $placeholder ),
			disabled( Options::is_constant( $field['name'] ), true, false )
		);
	}

	/**
	 * Print what a field is for, and where it is set if not here.
	 *
	 * @param array $field Its `name` and `help`.
	 */
	private static function help( $field ) {
		$fixed = '';
		if ( Options::is_constant( $field['name'] ) ) {
			/* translators: %s: the name of a constant */
			$fixed = ' ' . sprintf( __( 'Set in wp-config.php as %s.', 'leave-a-reply' ), Options::constant_of( $field['name'] ) );
		}
		printf( '<p class="description">%s</p>', esc_html( $field['help'] . $fixed ) );
	}
}
