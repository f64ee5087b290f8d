namespace Lowrank.Training;

/// <summary>Which Python module makes adapters like a run's, with the arguments it takes: <c>ss_network_module</c> and <c>ss_network_args</c>, as kohya's trainer and LyCORIS write them.</summary>
/// <param name="Name">"networks.lora", "lycoris.kohya", ...; a name of our own for methods that neither has.</param>
/// <param name="Arguments">By name, as text.</param>
sealed record NetworkModule(string Name, IReadOnlyDictionary<string, string> Arguments)
{
    // LyCORIS's names, where they are not the method's own.
    static readonly Dictionary<string, string> algorithms = new()
    {
        ["lora"] = "lora", ["locon"] = "locon", ["loha"] = "loha", ["lokr"] = "lokr", ["dylora"] = "dylora", ["glora"] = "glora", ["full"] = "full",
        ["oft"] = "diag-oft", ["diag-oft"] = "diag-oft", ["boft"] = "boft", ["ia3"] = "ia3", ["tlora"] = "tlora", ["t-lora"] = "tlora",
    };

    /// <summary>That of a recipe.</summary>
    public static NetworkModule Of(TrainingRecipe recipe)
    {
        var plan = recipe.ToPlan();
        var options = plan.Method.Options(plan.Options, plan.Arguments);
        var arguments = new Dictionary<string, string>();
        bool convolves = plan.Convolves;
        if (convolves)
        {
            int rank = recipe.ConvRank > 0 ? recipe.ConvRank : recipe.Rank;
            double alpha = recipe.ConvAlpha ?? (recipe.ConvRank > 0 ? rank : recipe.Alpha ?? rank);
            (arguments["conv_dim"], arguments["conv_alpha"]) = (KohyaMetadata.Text(rank), KohyaMetadata.Text(alpha));
        }
        if (recipe.RankDropout > 0) arguments["rank_dropout"] = KohyaMetadata.Text(recipe.RankDropout);
        if (recipe.ModuleDropout > 0) arguments["module_dropout"] = KohyaMetadata.Text(recipe.ModuleDropout);
        Add("block_dims", recipe.BlockRanks);
        Add("block_alphas", recipe.BlockAlphas);
        Add("conv_block_dims", recipe.BlockConvRanks);
        Add("conv_block_alphas", recipe.BlockConvAlphas);
        if (recipe.LoraplusRatio is { } ratio) arguments["loraplus_lr_ratio"] = KohyaMetadata.Text(ratio);
        if (recipe.LoraplusUnetRatio is { } unet) arguments["loraplus_unet_lr_ratio"] = KohyaMetadata.Text(unet);
        if (recipe.LoraplusTextEncoderRatio is { } text) arguments["loraplus_text_encoder_lr_ratio"] = KohyaMetadata.Text(text);
        foreach (var (name, value) in plan.Arguments) arguments[name] = value is "true" or "false" ? KohyaMetadata.Text(value == "true") : value;

        string method = plan.Method.Method.Name;
        bool plain = method == "lora" && options is { RankStabilized: false, LearnedScalar: false, Dora: null } && plan.Preset == TargetPresets.All[0] && !plan.Norms;
        if (plain) return new("networks.lora", arguments);
        if (method == "lora-fa") return new("networks.lora_fa", arguments);
        if (!algorithms.TryGetValue(method, out var algorithm)) return new($"lowrank.{method}", arguments);
        arguments["algo"] = method == "lora" && convolves ? "locon" : algorithm;
        arguments["preset"] = plan.Preset == TargetPresets.All[0] ? convolves ? "full" : "attn-mlp" : plan.Preset.Name;
        if (recipe.Dropout > 0) arguments["dropout"] = KohyaMetadata.Text(recipe.Dropout);
        if (options.RankStabilized) arguments["rs_lora"] = KohyaMetadata.Text(true);
        if (options.LearnedScalar) arguments["use_scalar"] = KohyaMetadata.Text(true);
        if (options.Dora is { } axis) (arguments["dora_wd"], arguments["wd_on_output"]) = (KohyaMetadata.Text(true), KohyaMetadata.Text(axis == DoraAxis.Output));
        if (plan.Norms) arguments["train_norm"] = KohyaMetadata.Text(true);
        return new("lycoris.kohya", arguments);

        void Add(string name, IReadOnlyList<double> values)
        {
            if (values.Count > 0) arguments[name] = string.Join(",", values.Select(v => KohyaMetadata.Text(v)));
        }
    }
}
