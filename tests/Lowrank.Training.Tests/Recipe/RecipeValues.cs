namespace Lowrank.Training.Tests;

/// <summary>A value for every field of a recipe that is not its default; a list is given by several.</summary>
static class RecipeValues
{
    /// <summary>By the field's name.</summary>
    public static Dictionary<string, string[]> Others { get; } = new()
    {
        ["base_model"] = [@"C:\models\my model"], ["base_model_config"] = ["like"], ["pictures"] = ["/pictures/träume"], ["output"] = ["-out"], ["name"] = ["yes"],
        ["rank"] = ["3"], ["alpha"] = ["1.5"], ["conv_rank"] = ["2"], ["conv_alpha"] = ["0.5"], ["train_unet"] = ["false"], ["train_text_encoder"] = ["true"],
        ["learning_rate"] = ["1.25E-05"], ["unet_learning_rate"] = ["0.0002"], ["text_encoder_learning_rate"] = ["3E-05"], ["schedule"] = ["cosine_with_restarts"],
        ["warmup"] = ["10"], ["cycles"] = ["3"], ["power"] = ["2.5"], ["beta1"] = ["0.8"], ["beta2"] = ["0.99"], ["epsilon"] = ["1E-07"], ["weight_decay"] = ["0.1"],
        ["correct_bias"] = ["false"], ["momentum"] = ["0.5"], ["dampening"] = ["0.1"], ["nesterov"] = ["true"],
        ["steps"] = ["0"], ["epochs"] = ["7"], ["batch_size"] = ["5"], ["accumulation"] = ["2"], ["max_grad_norm"] = ["0"], ["width"] = ["768"], ["height"] = ["640"],
        ["allow_upscale"] = ["true"], ["precision"] = ["bf16"], ["device"] = ["cpu"], ["optimizer"] = ["another"], ["threads"] = ["2"], ["seed"] = ["7"], ["min_snr_gamma"] = ["0"],
        ["noise_offset"] = ["0.05"], ["prediction"] = ["v_prediction"], ["clip_skip"] = ["2"], ["gradient_checkpointing"] = ["true"], ["dropout"] = ["0.1"],
        ["rank_dropout"] = ["0.2"], ["module_dropout"] = ["0.3"], ["caption_dropout"] = ["0.4"], ["cache_to_disk"] = ["true"], ["save_every"] = ["100"], ["save_dtype"] = ["bf16"],
        ["sample_every"] = ["50"], ["sample_prompts"] = ["a cat, \"quoted\"", "two\nlines", "true", "# no comment", "with: colon", "1.5"], ["sample_steps"] = ["9"],
        ["sample_guidance"] = ["4.5"], ["loss"] = ["huber"], ["huber_schedule"] = ["constant"], ["huber_c"] = ["0.2"], ["debiased_estimation"] = ["true"],
        ["multires_noise_iterations"] = ["3"], ["multires_noise_discount"] = ["0.4"], ["ip_noise_gamma"] = ["0.05"], ["method"] = ["lokr"],
        ["method_args"] = ["factor=8", "use_tucker=true"], ["rank_stabilized"] = ["true"], ["dora"] = ["output"], ["learned_scalar"] = ["true"], ["preset"] = ["full"],
        ["targets"] = ["*.attn2.*", "class:Attention"], ["exclude"] = ["/.*to_q/"], ["rules"] = ["match=*.ff.* method=none"], ["train_norm"] = ["true"], ["block_ranks"] = ["1", "2"],
        ["block_alphas"] = ["0.5", "1"], ["block_conv_ranks"] = ["3"], ["block_conv_alphas"] = ["4"], ["block_learning_rates"] = ["0", "1"], ["loraplus_ratio"] = ["16"],
        ["loraplus_unet_ratio"] = ["8"], ["loraplus_text_encoder_ratio"] = ["4"], ["init_batches"] = ["3"], ["loraplus_style"] = ["peft"], ["precondition"] = ["true"], ["decay_biases"] = ["false"],
        ["lr_end"] = ["0.001"], ["step_rules"] = ["1:20,0.1"], ["timescale"] = ["100"], ["min_lr_ratio"] = ["0.1"], ["min_lr"] = ["0.0001"], ["waves"] = ["1.5"],
        ["warmup_lr_ratio"] = ["0.2"], ["decay_steps"] = ["20"], ["stable_steps"] = ["30"], ["warmup_type"] = ["cosine"], ["decay_type"] = ["linear"], ["amsgrad"] = ["true"],
        ["min_8bit_size"] = ["16"], ["decoupled_weight_decay"] = ["true"], ["beta3"] = ["0.95"], ["decouple"] = ["false"], ["use_bias_correction"] = ["true"],
        ["safeguard_warmup"] = ["true"], ["d0"] = ["1E-05"], ["d_coef"] = ["2"], ["growth_rate"] = ["1.02"], ["slice_p"] = ["11"], ["epsilon2"] = ["0.01"],
        ["clip_threshold"] = ["2"], ["decay_rate"] = ["-0.7"], ["scale_parameter"] = ["false"], ["relative_step"] = ["false"], ["warmup_init"] = ["true"],
        ["inner_warmup_steps"] = ["5"], ["weight_power"] = ["1"], ["weight_lr_power"] = ["1"], ["silent_sgd_phase"] = ["false"], ["momentum_decay"] = ["0.01"],
        ["smoothing"] = ["0.9"], ["centered"] = ["true"], ["lr_decay"] = ["0.1"], ["initial_accumulator_value"] = ["0.1"], ["optimizer_args"] = ["amsgrad=true"],
        ["scheduler_args"] = ["cycles=2"], ["ema_decay"] = ["0.9"], ["ema_warmup"] = ["true"], ["ema_update_after"] = ["2"], ["grad_norm_type"] = ["1"],
        ["max_grad_value"] = ["0.001"],
        ["glue_task"] = ["cola"], ["labels"] = ["no", "yes"], ["head_learning_rate"] = ["0.01"],
        ["schedule_counting"] = ["batches"], ["cycle_steps"] = ["0,5"], ["cycle_shares"] = ["0.1,1"],
        ["scale_weight_norms"] = ["1.5"], ["min_timestep"] = ["20"], ["max_timestep"] = ["900"], ["zero_terminal_snr"] = ["true"], ["tensorboard"] = ["false"], ["resume"] = ["true"],
        ["overwrite"] = ["true"], ["strict"] = ["true"], ["max_tokens"] = ["150"], ["cache_dir"] = ["/somewhere/kept"], ["save_every_minutes"] = ["2.5"], ["init_adapter"] = ["an earlier one.safetensors"], ["init_ranks"] = ["true"],
    };
}
