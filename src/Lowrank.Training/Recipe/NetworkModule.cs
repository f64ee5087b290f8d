namespace Lowrank.Training;

/// <summary>
/// Which Python module makes adapters like a recipe's, with the arguments it takes: <c>ss_network_module</c> and <c>ss_network_args</c>, as
/// kohya's trainer and LyCORIS write them.
/// </summary>
/// <param name="Name">"networks.lora", "lycoris.kohya", ...; a name of our own for methods that neither has.</param>
/// <param name="Arguments">By name, as text.</param>
sealed record NetworkModule(string Name, IReadOnlyDictionary<string, string> Arguments)
{
    /// <summary>That of a recipe.</summary>
    public static NetworkModule Of(TrainingRecipe recipe)
    {
        var plan = recipe.Network.ToPlan();
        var options = plan.Method.Options(plan.Options, plan.Arguments);
        var arguments = new Dictionary<string, string>();
        AddConvolutions(arguments, plan);
        AddDropouts(arguments, recipe.Network);
        AddBlocks(arguments, recipe.Network);
        AddPlus(arguments, recipe.Optimization);
        foreach (var (name, value) in plan.Arguments) arguments[name] = Python(value);

        var method = plan.Method.Method;
        if (method.Module is not { } names) return new($"lowrank.{method.Name}", arguments);
        if (IsPlain(plan, options) && names.Kohya(options) is { } module) return new(module, arguments);
        arguments["algo"] = plan.Convolves ? names.LycorisWithConvolutions : names.Lycoris;
        arguments["preset"] = PresetOf(plan);
        AddLycoris(arguments, plan, options);
        return new("lycoris.kohya", arguments);
    }

    // What kohya's own modules cannot be asked for.
    static bool IsPlain(AdaptationPlan plan, MethodOptions options) =>
        options is { RankStabilized: false, LearnedScalar: false, Dora: null } && IsKohyas(plan.Preset) && !plan.Norms;

    static bool IsKohyas(TargetPreset preset) => preset == TargetPresets.Kohya;

    static string PresetOf(AdaptationPlan plan)
    {
        if (!IsKohyas(plan.Preset)) return plan.Preset.Name;
        return plan.Convolves ? "full" : "attn-mlp";
    }

    static void AddConvolutions(Dictionary<string, string> arguments, AdaptationPlan plan)
    {
        if (!plan.Convolves) return;
        bool ownRank = plan.ConvolutionRank > 0;
        int rank = ownRank ? plan.ConvolutionRank : plan.Options.Rank;
        double alpha = plan.ConvolutionAlpha ?? (ownRank ? rank : plan.Options.Alpha ?? rank);
        arguments["conv_dim"] = KohyaMetadata.Text(rank);
        arguments["conv_alpha"] = KohyaMetadata.Text(alpha);
    }

    static void AddDropouts(Dictionary<string, string> arguments, NetworkSection network)
    {
        if (network.RankDropout is > 0 and var ranks) arguments["rank_dropout"] = KohyaMetadata.Text(ranks);
        if (network.ModuleDropout is > 0 and var modules) arguments["module_dropout"] = KohyaMetadata.Text(modules);
    }

    static void AddBlocks(Dictionary<string, string> arguments, NetworkSection network)
    {
        Add("block_dims", network.BlockRanks);
        Add("block_alphas", network.BlockAlphas);
        Add("conv_block_dims", network.BlockConvRanks);
        Add("conv_block_alphas", network.BlockConvAlphas);

        void Add(string name, IReadOnlyList<double> values)
        {
            if (values.Count > 0) arguments[name] = string.Join(",", values.Select(value => KohyaMetadata.Text(value)));
        }
    }

    static void AddPlus(Dictionary<string, string> arguments, OptimizationSection optimization)
    {
        Add("loraplus_lr_ratio", optimization.LoraplusRatio);
        Add("loraplus_unet_lr_ratio", optimization.LoraplusUnetRatio);
        Add("loraplus_text_encoder_lr_ratio", optimization.LoraplusTextEncoderRatio);

        void Add(string name, double? ratio)
        {
            if (ratio is not null) arguments[name] = KohyaMetadata.Text(ratio);
        }
    }

    static void AddLycoris(Dictionary<string, string> arguments, AdaptationPlan plan, MethodOptions options)
    {
        if (plan.Options.Dropout > 0) arguments["dropout"] = KohyaMetadata.Text(plan.Options.Dropout);
        if (options.RankStabilized) arguments["rs_lora"] = KohyaMetadata.Text(true);
        if (options.LearnedScalar) arguments["use_scalar"] = KohyaMetadata.Text(true);
        if (options.Dora is { } axis)
        {
            arguments["dora_wd"] = KohyaMetadata.Text(true);
            arguments["wd_on_output"] = KohyaMetadata.Text(axis == DoraAxis.Output);
        }
        if (plan.Norms) arguments["train_norm"] = KohyaMetadata.Text(true);
    }

    static string Python(string value) => value is "true" or "false" ? KohyaMetadata.Text(value == "true") : value;
}
