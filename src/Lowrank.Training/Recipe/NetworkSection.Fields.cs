using Field = Lowrank.Training.SectionField<Lowrank.Training.NetworkSection>;

namespace Lowrank.Training;

// What files, options and metadata call it.
public sealed partial record NetworkSection
{
    /// <summary>How layers are adapted.</summary>
    public static IReadOnlyList<RecipeField> MethodFields { get; } =
    [
        Field.Text("method", "How layers are adapted: lora, locon, dora, loha, lokr, ... (a wrong name lists the nearest)",
            s => s.Method, (s, v) => s with { Method = v }) with
        {
            AlsoCalled = ["algo"],
            Meaning = recipe => MethodNames.Named(recipe.Network.Method).Name,
            Words = () => [.. MethodNames.All.Select(method => method.Name)],
            Check = s => Faults.In(s.ReadMethod),
        },
        Field.Several("method_args", "An option of the method, name=value: factor=8, use_tucker=true", RecipeList.Pairs,
            s => s.MethodArgs, (s, v) => s with { MethodArgs = v }) with
        {
            AlsoCalled = ["network_args"],
            Single = "method_arg",
            Check = MisplacedArguments,
        },
        Field.Text("init_adapter", "An adapter to begin with, in place of a fresh one (network_weights)",
            s => s.InitAdapter, (s, v) => s with { InitAdapter = v }) with
        {
            AlsoCalled = ["network_weights"],
            MayChange = true,   // a run that goes on has its own weights
            Check = s => s.InitAdapter.Length == 0 || AdapterPlace.Exists(s.InitAdapter) ? []
                : [$"init_adapter {s.InitAdapter} does not exist"],
        },
        Field.Switch("init_ranks", "Take each layer's rank and alpha from init_adapter (dim_from_weights)",
            s => s.InitRanks, (s, v) => s with { InitRanks = v }) with
        {
            AlsoCalled = ["dim_from_weights"],
            Idle = recipe => recipe.Network.InitAdapter.Length > 0 ? null : "no init_adapter is given",
        },
        Field.Whole("rank", "Rank of the adapter (kohya: network_dim); 4 to 64",
            s => s.Rank, (s, v) => s with { Rank = (int)v }, NumberRange.AtLeast(1, "4 to 64 are usual")) with
        {
            AlsoCalled = ["network_dim", "r", "lora_rank"],
            Idle = recipe => Unless(recipe, method => method.HasRank, "rank"),
            MetadataKey = "ss_network_dim",
        },
        Field.Number("alpha", "Scale is alpha/rank (network_alpha); the rank if not set or 0",
            s => s.Alpha, (s, v) => s with { Alpha = v }, NumberRange.AtLeast(0)) with
        {
            AlsoCalled = ["network_alpha", "lora_alpha"],
            Meaning = recipe => PlainValue.Text(recipe.Network.EffectiveAlpha),
            Idle = recipe => Unless(recipe, method => method.HasAlpha, "alpha"),
            MetadataKey = "ss_network_alpha",
            MetadataValue = recipe => recipe.Network.EffectiveAlpha,
        },
        Field.Whole("conv_rank", "Rank of 3x3 convolutions (conv_dim); 0 leaves them alone",
            s => s.ConvRank, (s, v) => s with { ConvRank = (int)v }, NumberRange.AtLeast(0)) with
        {
            AlsoCalled = ["conv_dim"],
        },
        Field.Number("conv_alpha", "Alpha of 3x3 convolutions; conv_rank if not set or 0",
            s => s.ConvAlpha, (s, v) => s with { ConvAlpha = v }, NumberRange.AtLeast(0)) with
        {
            Idle = WithoutConvolutions,
        },
        Field.Switch("rank_stabilized", "Scale by alpha/sqrt(rank) in place of alpha/rank (rsLoRA)",
            s => s.RankStabilized, (s, v) => s with { RankStabilized = v }) with
        {
            AlsoCalled = ["use_rslora", "rs_lora"],
            Idle = recipe => Unless(recipe, method => method.HasAlpha && method.AlphaIsScale, "scale"),
        },
        Field.Word("dora", $"DoRA's magnitudes for the method: {DoraAxes.Prose}", () => DoraAxes.All,
            s => s.Dora, (s, v) => s with { Dora = v }),
        Field.Switch("learned_scalar", "A trained number, 0 at first, multiplies the change, and all factors begin random (use_scalar)",
            s => s.LearnedScalar, (s, v) => s with { LearnedScalar = v }) with
        {
            AlsoCalled = ["use_scalar"],
        },
        Field.Whole("init_batches", "Batches that eva and corda look at before training",
            s => s.InitBatches, (s, v) => s with { InitBatches = (int)v }, NumberRange.AtLeast(1)) with
        {
            Idle = recipe => LooksAtInputs(recipe.Network.ToPlan()) ? null : $"{recipe.Network.Method} begins without a look at them",
        },
    ];

    /// <summary>Which layers of any model are adapted. Made when they are asked for: they tell the presets that there are.</summary>
    public static IReadOnlyList<RecipeField> ChoiceFields =>
    [
        Field.Text("preset", $"Which layers: {string.Join(", ", TargetPresets.All.Select(preset => preset.Name))}",
            s => s.Preset, (s, v) => s with { Preset = v }) with
        {
            Words = () => [.. TargetPresets.All.Select(preset => preset.Name)],
            Check = s => Faults.In(() => TargetPresets.Named(s.Preset)),
        },
        Field.Several("targets",
            "Layers beside the preset's: a name (to_q), a glob (*.attn2.*), /a regex/, class:Transformer2DModel or kind:conv2d",
            RecipeList.Texts, s => s.Targets, (s, v) => s with { Targets = v }) with
        {
            AlsoCalled = ["target_modules"],
            Single = "target",
            Check = s => s.Targets.SelectMany(text => Faults.In(() => TargetPattern.Parse(text))),
        },
        Field.Several("exclude", "Layers that are left alone, said in the same way", RecipeList.Texts,
            s => s.Exclude, (s, v) => s with { Exclude = v }) with
        {
            AlsoCalled = ["exclude_modules"],
            Check = s => s.Exclude.SelectMany(text => Faults.In(() => TargetPattern.Parse(text))),
        },
        Field.Several("rules",
            "For some layers alone, the first rule that matches: match=*.ff.* method=lokr rank=8 alpha=4 learning_rate=1e-4 factor=4; " +
            "method=none leaves them out", RecipeList.Mappings,
            s => s.Rules, (s, v) => s with { Rules = v }) with
        {
            Single = "rule",
            Check = s => s.Rules.SelectMany(rule => Faults.In(() => TargetRule.Parse(rule))),
        },
        Field.Switch("train_norm", "Train the norms of the preset's modules too", s => s.TrainNorm, (s, v) => s with { TrainNorm = v }),
    ];

    /// <summary>Which layers of a model that draws are adapted.</summary>
    public static IReadOnlyList<RecipeField> LayerFields =>
    [
        .. ChoiceFields,
        Field.Numbers("block_ranks",
            "A rank for each block of the UNet, 0 leaves it out: kohya's block_dims (25 numbers; SDXL 23) " +
            "or LoRA block weight's 17 or 26 (SDXL 12 or 20)",
            s => s.BlockRanks, (s, v) => s with { BlockRanks = v }) with
        {
            AlsoCalled = ["block_dims"],
        },
        Field.Numbers("block_alphas", "An alpha for each block", s => s.BlockAlphas, (s, v) => s with { BlockAlphas = v }),
        Field.Numbers("block_conv_ranks", "A rank of 3x3 convolutions for each block",
            s => s.BlockConvRanks, (s, v) => s with { BlockConvRanks = v }) with
        {
            AlsoCalled = ["conv_block_dims"],
        },
        Field.Numbers("block_conv_alphas", "An alpha of 3x3 convolutions for each block",
            s => s.BlockConvAlphas, (s, v) => s with { BlockConvAlphas = v }) with
        {
            AlsoCalled = ["conv_block_alphas"],
            Idle = WithoutConvolutions,
        },
        Field.Numbers("block_learning_rates", "What multiplies the learning rate in each block; 0 leaves it out",
            s => s.BlockLearningRates, (s, v) => s with { BlockLearningRates = v }),
        Field.Switch("train_unet", "Adapt the UNet", s => s.TrainUnet, (s, v) => s with { TrainUnet = v }) with
        {
            Check = s => s.TrainUnet || s.TrainTextEncoder ? []
                : ["neither train_unet nor train_text_encoder is on: there is nothing to train"],
        },
        Field.Switch("train_text_encoder", "Adapt the text encoders too",
            s => s.TrainTextEncoder, (s, v) => s with { TrainTextEncoder = v }),
    ];

    /// <summary>What is left out of a step by chance.</summary>
    public static IReadOnlyList<RecipeField> DropoutFields { get; } =
    [
        Field.Number("dropout", "Share of rank activations dropped (network_dropout); where no dropout is set init_adapter's, or 0",
            s => s.Dropout, (s, v) => s with { Dropout = v }, NumberRange.ShareBelowOne) with
        {
            AlsoCalled = ["network_dropout"],
            Meaning = recipe => PlainValue.Text(recipe.Network.Dropout ?? 0),
            MetadataKey = "ss_network_dropout",
            MetadataValue = recipe => recipe.Network.Dropout > 0 ? recipe.Network.Dropout : null,
        },
        Field.Number("rank_dropout", "Share of ranks dropped; as dropout, 0 or that of init_adapter",
            s => s.RankDropout, (s, v) => s with { RankDropout = v }, NumberRange.ShareBelowOne) with
        {
            Meaning = recipe => PlainValue.Text(recipe.Network.RankDropout ?? 0),
        },
        Field.Number("module_dropout", "Chance that a layer's adapter is left out of a step; as dropout, 0 or that of init_adapter",
            s => s.ModuleDropout, (s, v) => s with { ModuleDropout = v }, NumberRange.ShareBelowOne) with
        {
            Meaning = recipe => PlainValue.Text(recipe.Network.ModuleDropout ?? 0),
        },
    ];

    // kohya gives by network_args what are fields of their own here.
    static IEnumerable<string> MisplacedArguments(NetworkSection section)
    {
        var pairs = section.MethodArgs.Where(text => text.Contains('=', StringComparison.Ordinal)).Select(TargetRule.Pair);
        foreach (var (name, value) in pairs)
        {
            if (!fieldsByOtherNames.TryGetValue(name, out string? field)) continue;
            if (MethodNames.All.Any(method => method.Method.Arguments.Any(argument => argument.Name == name))) continue;
            yield return $"method_args has {name}={value}, which is a field of its own here: {field} {value}";
        }
    }

    // Names of kohya's network_args, and the fields that they are.
    static readonly Dictionary<string, string> fieldsByOtherNames = new()
    {
        ["algo"] = "method", ["conv_dim"] = "conv_rank", ["conv_alpha"] = "conv_alpha", ["preset"] = "preset", ["dropout"] = "dropout",
        ["rank_dropout"] = "rank_dropout", ["module_dropout"] = "module_dropout", ["use_scalar"] = "learned_scalar",
        ["rs_lora"] = "rank_stabilized", ["train_norm"] = "train_norm", ["block_dims"] = "block_ranks", ["block_alphas"] = "block_alphas",
        ["conv_block_dims"] = "block_conv_ranks", ["conv_block_alphas"] = "block_conv_alphas", ["loraplus_lr_ratio"] = "loraplus_ratio",
    };

    // Of the method and those of rules, one that has it suffices.
    static string? Unless(TrainingRecipe recipe, Func<MethodDescriptor, bool> has, string what)
    {
        var plan = recipe.Network.ToPlan();
        var ruled = plan.Rules.Where(rule => rule.Method is not (null or TargetRule.None)).Select(rule => MethodNames.Named(rule.Method!));
        bool any = ruled.Prepend(plan.Method).Any(named => has(named.Method));
        return any ? null : $"{recipe.Network.Method} has no {what}";
    }

    static string? WithoutConvolutions(TrainingRecipe recipe) =>
        recipe.Network.ToPlan().Convolves ? null : "no convolution with a kernel is adapted (conv_rank is 0)";

    // Whether the method, or that of a rule, begins with what layers are asked.
    static bool LooksAtInputs(AdaptationPlan plan)
    {
        var ruled = plan.Rules.Where(rule => rule.Method != TargetRule.None).Select(rule => rule.Method is { } name
            ? MethodNames.Named(name).Options(plan.Options, rule.Arguments)
            : plan.Method.Options(plan.Options, [.. plan.Arguments, .. rule.Arguments]));
        return ruled.Prepend(plan.Method.Options(plan.Options, plan.Arguments)).OfType<LoraOptions>()
            .Any(options => LoraInitializations.Named(options.Init).NeedsInputs);
    }

    // A rank out of its range is told by its own field.
    void ReadMethod() => MethodNames.Named(Method).Options(new(Math.Max(1, Rank)), MethodArgs.Select(TargetRule.Pair));
}
