using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lowrank.Models;

/// <summary>Writes the settings files of a diffusers folder: what their readers here read, as diffusers spells it.</summary>
static class ConfigFiles
{
    const string Version = "0.30.0";

    internal static JsonObject Of(UNetConfig config) => new()
    {
        ["_class_name"] = nameof(UNet2DConditionModel),
        ["_diffusers_version"] = Version,
        ["act_fn"] = "silu",
        ["addition_embed_type"] = config.AddedInputWidth is null ? null : "text_time",
        ["addition_time_embed_dim"] = config.AddedTimeWidth,
        // diffusers calls the number of heads so.
        ["attention_head_dim"] = List(config.Heads),
        ["block_out_channels"] = List(config.BlockChannels),
        ["conv_in_kernel"] = config.ConvInKernel,
        ["conv_out_kernel"] = config.ConvOutKernel,
        ["cross_attention_dim"] = config.CrossAttentionChannels,
        ["down_block_types"] = List(config.DownBlocks),
        ["downsample_padding"] = 1,
        ["flip_sin_to_cos"] = config.FlipSinToCos,
        ["freq_shift"] = config.FrequencyShift,
        ["in_channels"] = config.InChannels,
        ["layers_per_block"] = config.LayersPerBlock.Distinct().Count() == 1 ? config.LayersPerBlock[0] : List(config.LayersPerBlock),
        ["mid_block_type"] = config.MidBlock ? "UNetMidBlock2DCrossAttn" : null,
        ["norm_eps"] = config.NormEps,
        ["norm_num_groups"] = config.NormGroups,
        ["out_channels"] = config.OutChannels,
        ["projection_class_embeddings_input_dim"] = config.AddedInputWidth,
        ["sample_size"] = config.SampleSize,
        ["transformer_layers_per_block"] = List(config.TransformerDepth),
        ["up_block_types"] = List(config.UpBlocks),
        ["upcast_attention"] = config.UpcastAttention,
        ["use_linear_projection"] = config.UseLinearProjection,
    };

    internal static JsonObject Of(VaeConfig config) => new()
    {
        ["_class_name"] = nameof(AutoencoderKL),
        ["_diffusers_version"] = Version,
        ["act_fn"] = "silu",
        ["block_out_channels"] = List(config.BlockChannels),
        ["down_block_types"] = List([.. config.BlockChannels.Select(_ => "DownEncoderBlock2D")]),
        ["force_upcast"] = config.ForceUpcast,
        ["in_channels"] = config.InChannels,
        ["latent_channels"] = config.LatentChannels,
        ["layers_per_block"] = config.LayersPerBlock,
        ["mid_block_add_attention"] = config.MidBlockAttention,
        ["norm_num_groups"] = config.NormGroups,
        ["out_channels"] = config.OutChannels,
        ["sample_size"] = config.SampleSize,
        ["scaling_factor"] = config.ScalingFactor,
        ["up_block_types"] = List([.. config.BlockChannels.Select(_ => "UpDecoderBlock2D")]),
        ["use_post_quant_conv"] = config.PostQuantConv,
        ["use_quant_conv"] = config.QuantConv,
    };

    internal static JsonObject Of(ClipTextConfig config) => new()
    {
        ["architectures"] = List([config.ProjectionSize is null ? "CLIPTextModel" : "CLIPTextModelWithProjection"]),
        ["bos_token_id"] = 0,
        ["eos_token_id"] = config.EndTokenId,
        ["hidden_act"] = config.Activation,
        ["hidden_size"] = config.HiddenSize,
        ["intermediate_size"] = config.IntermediateSize,
        ["layer_norm_eps"] = config.NormEps,
        ["max_position_embeddings"] = config.MaxPositions,
        ["model_type"] = "clip_text_model",
        ["num_attention_heads"] = config.Heads,
        ["num_hidden_layers"] = config.Layers,
        ["pad_token_id"] = 1,
        ["projection_dim"] = config.ProjectionSize ?? config.HiddenSize,
        ["vocab_size"] = config.VocabularySize,
    };

    /// <summary>A scheduler's settings: those that tell a model, and any other that is not its class's own default.</summary>
    /// <remarks>
    /// ᾱ that a checkpoint holds are told as trained_betas where they are others than those of its β; diffusers has no field for them.
    /// </remarks>
    internal static JsonObject Of(SchedulerConfig config)
    {
        config = config.WithStoredAlphasAsBetas();
        var json = new JsonObject { ["_class_name"] = config.ClassName, ["_diffusers_version"] = Version };
        using var nothing = JsonDocument.Parse("{}");
        var absent = SchedulerConfig.Parse(nothing.RootElement, config.ClassName);
        Always("num_train_timesteps", config.TrainTimesteps);
        Always("beta_start", config.BetaStart);
        Always("beta_end", config.BetaEnd);
        Always("beta_schedule", config.BetaSchedule);
        Always("prediction_type", NameOf(config.Prediction));
        Always("steps_offset", config.StepsOffset);
        Always("timestep_spacing", NameOf(config.Spacing));
        if (config.TrainedBetas is { } betas) json["trained_betas"] = List(betas);
        if (config.SigmaMin is { } min) json["sigma_min"] = min;
        if (config.SigmaMax is { } max) json["sigma_max"] = max;
        Where("rescale_betas_zero_snr", config.RescaleBetasZeroSnr, absent.RescaleBetasZeroSnr);
        Where("set_alpha_to_one", config.SetAlphaToOne, absent.SetAlphaToOne);
        Where("clip_sample", config.ClipSample, absent.ClipSample);
        Where("clip_sample_range", config.ClipSampleRange, absent.ClipSampleRange);
        Where("thresholding", config.Thresholding, absent.Thresholding);
        Where("skip_prk_steps", config.SkipPrkSteps, absent.SkipPrkSteps);
        Where("interpolation_type", config.InterpolationType, absent.InterpolationType);
        Where("timestep_type", config.TimestepType, absent.TimestepType);
        Where("use_karras_sigmas", config.UseKarrasSigmas, absent.UseKarrasSigmas);
        Where("use_exponential_sigmas", config.UseExponentialSigmas, absent.UseExponentialSigmas);
        Where("use_beta_sigmas", config.UseBetaSigmas, absent.UseBetaSigmas);
        Where("use_lu_lambdas", config.UseLuLambdas, absent.UseLuLambdas);
        if (config.LambdaMinClipped != absent.LambdaMinClipped) json["lambda_min_clipped"] = Number(config.LambdaMinClipped);
        Where("use_flow_sigmas", config.UseFlowSigmas, absent.UseFlowSigmas);
        Where("final_sigmas_type", config.FinalSigmasType, absent.FinalSigmasType);
        Where("algorithm_type", config.AlgorithmType, absent.AlgorithmType);
        Where("solver_order", config.SolverOrder, absent.SolverOrder);
        Where("solver_type", config.SolverType, absent.SolverType);
        Where("predict_x0", config.PredictX0, absent.PredictX0);
        if (config.DisableCorrector.Count > 0) json["disable_corrector"] = List(config.DisableCorrector);
        Where("original_inference_steps", config.OriginalInferenceSteps, absent.OriginalInferenceSteps);
        Where("timestep_scaling", config.TimestepScaling, absent.TimestepScaling);
        Where("lower_order_final", config.LowerOrderFinal, absent.LowerOrderFinal);
        Where("euler_at_final", config.EulerAtFinal, absent.EulerAtFinal);
        Where("variance_type", config.VarianceType, absent.VarianceType);
        return json;

        void Always<T>(string field, T value) => json[field] = JsonValue.Create(value);

        void Where<T>(string field, T value, T otherwise)
        {
            if (!Equals(value, otherwise)) Always(field, value);
        }
    }

    // JSON has no infinities; Python writes them bare, which is no JSON either, and reads the word.
    static JsonValue Number(double value)
    {
        if (double.IsFinite(value)) return JsonValue.Create(value);
        return JsonValue.Create(value > 0 ? "Infinity" : "-Infinity");
    }

    static string NameOf(PredictionType prediction) => prediction switch
    {
        PredictionType.Velocity => "v_prediction",
        PredictionType.Sample => "sample",
        _ => "epsilon",
    };

    static string NameOf(TimestepSpacing spacing) => spacing switch
    {
        TimestepSpacing.Linspace => "linspace",
        TimestepSpacing.Trailing => "trailing",
        _ => "leading",
    };

    /// <summary>The index of a folder.</summary>
    internal static JsonObject Index(ModelSource source)
    {
        var json = new JsonObject { ["_class_name"] = source.PipelineClass, ["_diffusers_version"] = Version };
        if (StableDiffusionFamilies.IsLarge(source.Family)) json["force_zeros_for_empty_prompt"] = source.ForceZerosForEmptyPrompt;
        else
        {
            json["feature_extractor"] = new JsonArray(null, null);
            json["safety_checker"] = new JsonArray(null, null);
            json["requires_safety_checker"] = false;
        }
        if (source.Family == StableDiffusionGeneration.Refiner)
        {
            json["requires_aesthetics_score"] = true;
            json["text_encoder"] = new JsonArray(null, null);
            json["tokenizer"] = new JsonArray(null, null);
        }
        json["scheduler"] = List(["diffusers", source.Scheduler.ClassName]);
        foreach (var (part, text) in FolderParts.Texts(source.Family).Zip(source.Text))
        {
            json[part] = List(["transformers", text.ProjectionSize is null ? "CLIPTextModel" : "CLIPTextModelWithProjection"]);
            json[FolderParts.TokenizerOf(part)] = List(["transformers", "CLIPTokenizer"]);
        }
        json["unet"] = List(["diffusers", nameof(UNet2DConditionModel)]);
        json["vae"] = List(["diffusers", nameof(AutoencoderKL)]);
        return json;
    }

    /// <summary>The files of a tokenizer of the published vocabulary, by name.</summary>
    internal static IEnumerable<(string File, string Text)> Tokenizer(string? pad)
    {
        var special = new JsonObject
        {
            ["bos_token"] = ClipVocabulary.Begin,
            ["eos_token"] = ClipVocabulary.End,
            ["pad_token"] = pad ?? ClipVocabulary.End,
            ["unk_token"] = ClipVocabulary.End,
        };
        yield return ("vocab.json", PlainJson.Text(ClipVocabulary.Tokens.OrderBy(token => token.Value).ToDictionary(), indented: false));
        yield return ("merges.txt", string.Concat(ClipVocabulary.MergesFile().Select(line => line + "\n")));
        yield return ("special_tokens_map.json", Text(special));
        var settings = (JsonObject)special.DeepClone();
        settings["tokenizer_class"] = "CLIPTokenizer";
        settings["model_max_length"] = 77;
        settings["add_prefix_space"] = false;
        settings["do_lower_case"] = true;
        yield return ("tokenizer_config.json", Text(settings));
    }

    /// <summary>The text of a file.</summary>
    internal static string Text(JsonObject json) => json.ToJsonString(indented) + "\n";

    static readonly JsonSerializerOptions indented = new() { WriteIndented = true };

    static JsonArray List<T>(IReadOnlyList<T> items) => [.. items.Select(item => (JsonNode?)JsonValue.Create(item))];
}
