using System.Text.Json;

namespace Lowrank.Adapters.Tests;

/// <summary>Every field of PEFT's configurations is read, told anew or carried along.</summary>
public class PeftFieldUsesTests
{
    // The fields of PEFT 0.21's config classes, those of all types left out.
    public static TheoryData<string, string> Types => new()
    {
        { "ADALORA", "r target_modules exclude_modules lora_alpha lora_dropout fan_in_fan_out bias use_rslora modules_to_save init_lora_weights layers_to_transform layers_pattern rank_pattern alpha_pattern megatron_config megatron_core trainable_token_indices loftq_config eva_config corda_config lora_ga_config use_dora velora_config alora_invocation_tokens use_qalora qalora_group_size monteclora_config layer_replication runtime_config lora_bias target_parameters use_bdlora arrow_config kasa_config ensure_weight_tying target_r init_r tinit tfinal deltaT beta1 beta2 orth_reg_weight total_step" },
        { "BEFT", "target_modules modules_to_save init_weights" },
        { "BOFT", "boft_block_size boft_block_num boft_n_butterfly_factor target_modules exclude_modules boft_dropout fan_in_fan_out bias modules_to_save init_weights layers_to_transform layers_pattern" },
        { "C3A", "block_size target_modules bias modules_to_save layers_to_transform layers_pattern block_size_pattern init_weights" },
        { "DEFT", "r target_modules exclude_modules decomposition_method init_scale alpha para fan_in_fan_out deft_dropout init_weights layers_to_transform layers_pattern bias modules_to_save" },
        { "DELORA", "r delora_lambda module_dropout target_modules exclude_modules bias init_weights layers_to_transform layers_pattern rank_pattern lambda_pattern modules_to_save" },
        { "FOURIERFT", "n_frequency scaling random_loc_seed fan_in_fan_out target_modules exclude_modules bias modules_to_save layers_to_transform layers_pattern n_frequency_pattern init_weights" },
        { "GLORA", "r target_modules bias modules_to_save config_A_B config_C config_D_E init_weights" },
        { "GRALORA", "r hybrid_r target_modules alpha gralora_dropout gralora_k fan_in_fan_out bias modules_to_save init_weights layers_to_transform layers_pattern" },
        { "HIRA", "r target_modules exclude_modules hira_dropout fan_in_fan_out modules_to_save init_weights layers_to_transform layers_pattern rank_pattern" },
        { "HRA", "r apply_GS target_modules exclude_modules init_weights layers_to_transform layers_pattern bias modules_to_save" },
        { "IA3", "target_modules exclude_modules feedforward_modules fan_in_fan_out modules_to_save init_ia3_weights" },
        { "LILY", "r stride_A num_B scaling target_modules exclude_modules modules_to_save layers_to_transform layers_pattern init_weights" },
        { "LN_TUNING", "target_modules exclude_modules modules_to_save" },
        { "LOHA", "rank_pattern alpha_pattern r alpha rank_dropout module_dropout use_effective_conv2d target_modules exclude_modules init_weights layers_to_transform layers_pattern modules_to_save" },
        { "LOKR", "rank_pattern alpha_pattern r alpha rank_dropout module_dropout use_effective_conv2d decompose_both decompose_factor rank_dropout_scale target_modules exclude_modules init_weights layers_to_transform layers_pattern modules_to_save" },
        { "LORA", "r target_modules exclude_modules lora_alpha lora_dropout fan_in_fan_out bias use_rslora modules_to_save init_lora_weights layers_to_transform layers_pattern rank_pattern alpha_pattern megatron_config megatron_core trainable_token_indices loftq_config eva_config corda_config lora_ga_config use_dora velora_config alora_invocation_tokens use_qalora qalora_group_size monteclora_config layer_replication runtime_config lora_bias target_parameters use_bdlora arrow_config kasa_config ensure_weight_tying" },
        { "MISS", "r miss_dropout mini_r target_modules exclude_modules init_weights layers_to_transform layers_pattern bias modules_to_save" },
        { "OFT", "r oft_block_size module_dropout target_modules fan_in_fan_out bias exclude_modules init_weights layers_to_transform layers_pattern modules_to_save coft eps block_share use_cayley_neumann num_cayley_neumann_terms" },
        { "OSF", "effective_rank target_modules rank_pattern init_weights modules_to_save target_svd_config" },
        { "PSOFT", "r target_modules exclude_modules psoft_alpha psoft_dropout fan_in_fan_out ab_svd_init psoft_svd psoft_svd_lowrank_niter random_seed psoft_orth psoft_mag_b psoft_mag_a use_cayley_neumann num_cayley_neumann_terms cayley_neumann_eps modules_to_save init_weights layers_to_transform layers_pattern" },
        { "PVERA", "r target_modules projection_prng_key save_projection pvera_dropout d_initial fan_in_fan_out bias modules_to_save init_weights layers_to_transform layers_pattern sample_at_inference generator_seed" },
        { "RANDLORA", "r target_modules projection_prng_key save_projection sparse very_sparse randlora_dropout fan_in_fan_out randlora_alpha bias modules_to_save init_weights layers_to_transform layers_pattern" },
        { "ROAD", "variant group_size init_weights target_modules modules_to_save" },
        { "SHIRA", "r mask_type random_seed target_modules fan_in_fan_out init_weights modules_to_save" },
        { "TINYLORA", "r u weight_tying projection_seed save_projection init_v_bound target_modules tinylora_dropout fan_in_fan_out bias modules_to_save init_weights layers_to_transform layers_pattern" },
        { "TRAINABLE_TOKENS", "token_indices target_modules init_weights" },
        { "UNILORA", "r proj_seed theta_d_length target_modules unilora_dropout fan_in_fan_out bias modules_to_save init_theta_d_bound init_weights save_indices layers_to_transform layers_pattern" },
        { "VBLORA", "r num_vectors vector_length topk target_modules exclude_modules save_only_topk_weights vblora_dropout fan_in_fan_out bias modules_to_save init_vector_bank_bound init_logits_std layers_to_transform layers_pattern" },
        { "VERA", "r target_modules projection_prng_key save_projection vera_dropout d_initial fan_in_fan_out bias modules_to_save init_weights layers_to_transform layers_pattern" },
        { "WAVEFT", "n_frequency scaling wavelet_family use_idwt random_loc_seed fan_in_fan_out target_modules exclude_modules bias modules_to_save layers_to_transform layers_pattern n_frequency_pattern proportional_parameters init_weights" },
    };

    const string Common = "peft_type task_type auto_mapping peft_version base_model_name_or_path revision inference_mode";

    [Theory, MemberData(nameof(Types))]
    public void EveryFieldHasItsUse(string type, string fields)
    {
        var named = PeftTypes.Named(type)!;
        var unknown = $"{Common} {fields}".Split(' ').Where(field => PeftFieldUses.Of(named, field) is null);
        Assert.Empty(unknown);
        Assert.Null(PeftFieldUses.Of(named, "a_field_of_tomorrow"));
    }

    // What json holds, and what the argument's own kind is: a text, a fraction or a switch is never taken for a number that is missing.
    [Theory]
    [InlineData("OFT", "oft_block_size", "\"4\"", "a text, and should be a whole number")]
    [InlineData("OFT", "oft_block_size", "4.5", "a number, and should be a whole number")]
    [InlineData("OFT", "oft_block_size", "4", null)]
    [InlineData("OFT", "oft_block_size", "4.0", null)]
    [InlineData("OFT", "oft_block_size", "null", null)]
    [InlineData("OFT", "eps", "\"6e-5\"", "a text, and should be a number")]
    [InlineData("OFT", "eps", "true", "a switch, and should be a number")]
    [InlineData("OFT", "eps", "6e-5", null)]
    [InlineData("OFT", "coft", "\"true\"", "a text, and should be true or false")]
    [InlineData("OFT", "coft", "1", "a number, and should be true or false")]
    [InlineData("OFT", "coft", "true", null)]
    [InlineData("WAVEFT", "wavelet_family", "1", "a number, and should be a word")]
    [InlineData("WAVEFT", "wavelet_family", "\"db1\"", null)]
    [InlineData("LOHA", "use_effective_conv2d", "\"no\"", "a text, and should be true or false")]
    [InlineData("LOHA", "init_weights", "false", null)]
    [InlineData("VERA", "projection_prng_key", "[3]", "a list, and should be a whole number")]
    public void AnArgumentOfTheMethodIsOfItsKind(string type, string field, string json, string? told)
    {
        using var config = JsonDocument.Parse($$"""{ "peft_type": "{{type}}", "{{field}}": {{json}} }""");
        var faults = PeftFieldTypes.Faults(config.RootElement, PeftTypes.Named(type)!);
        if (told is null) Assert.Empty(faults);
        else Assert.Equal($"{field} in adapter_config.json is {json}, {told}", Assert.Single(faults));
    }
}
