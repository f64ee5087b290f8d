using Field = Lowrank.Training.SectionField<Lowrank.Training.OptimizationSection>;

namespace Lowrank.Training;

// What files, options and metadata call it.
public sealed partial record OptimizationSection
{
    static readonly NumberRange rates = NumberRange.Above(0, "1e-5 to 1e-3 are usual");
    static readonly NumberRange ratios = NumberRange.AtLeast(0, "4 to 16 are usual");
    static readonly NumberRange warmups = NumberRange.AtLeast(0) with { Text = "steps from 1 up, or a share of all steps below 1" };

    /// <summary>Learning rates, and what makes some layers learn otherwise.</summary>
    public static IReadOnlyList<RecipeField> RateFields { get; } =
    [
        Field.Number("learning_rate", "Learning rate", s => s.LearningRate, (s, v) => s with { LearningRate = v }, rates) with
        {
            AlsoCalled = ["lr"],
            MayChange = true,
            Idle = IdleRate,
            MetadataKey = "ss_learning_rate",
        },
        Field.Number("unet_learning_rate", "The UNet's learning rate; learning_rate if not set",
            s => s.UnetLearningRate, (s, v) => s with { UnetLearningRate = v }, rates) with
        {
            AlsoCalled = ["unet_lr"],
            MayChange = true,
            Idle = recipe => Without(recipe.Network.TrainUnet, "train_unet"),
            MetadataKey = "ss_unet_lr",
            MetadataValue = recipe => recipe.Network.TrainUnet ? recipe.Optimization.RateOfUnet : null,
        },
        Field.Number("text_encoder_learning_rate", "The text encoders' learning rate; learning_rate if not set",
            s => s.TextEncoderLearningRate, (s, v) => s with { TextEncoderLearningRate = v }, rates) with
        {
            AlsoCalled = ["text_encoder_lr"],
            MayChange = true,
            Idle = recipe => Without(recipe.Network.TrainTextEncoder, "train_text_encoder"),
            MetadataKey = "ss_text_encoder_lr",
            MetadataValue = recipe => recipe.Network.TrainTextEncoder ? recipe.Optimization.RateOfTextEncoder : null,
        },
        Field.Number("loraplus_ratio", "LoRA+: how many times faster factors learn that begin at zero (loraplus_lr_ratio); 16 is usual",
            s => s.LoraplusRatio, (s, v) => s with { LoraplusRatio = v }, ratios) with
        {
            AlsoCalled = ["loraplus_lr_ratio"],
            Idle = IdleRatio,
        },
        Field.Number("loraplus_unet_ratio", "The UNet's; loraplus_ratio if not set",
            s => s.LoraplusUnetRatio, (s, v) => s with { LoraplusUnetRatio = v }, ratios) with
        {
            AlsoCalled = ["loraplus_unet_lr_ratio"],
            Idle = recipe => Without(recipe.Network.TrainUnet, "train_unet"),
        },
        Field.Number("loraplus_text_encoder_ratio", "The text encoders'; loraplus_ratio if not set",
            s => s.LoraplusTextEncoderRatio, (s, v) => s with { LoraplusTextEncoderRatio = v }, ratios) with
        {
            AlsoCalled = ["loraplus_text_encoder_lr_ratio"],
            Idle = recipe => Without(recipe.Network.TrainTextEncoder, "train_text_encoder"),
        },
        Field.Word("loraplus_style",
            "kohya, or peft: magnitudes and biases are fast too, biases do not decay, embeddings learn at 1e-6", () => PlusStyles.All,
            s => s.LoraplusStyle, (s, v) => s with { LoraplusStyle = v }) with
        {
            Idle = recipe => IsPlus(recipe.Optimization) ? null : "no loraplus_ratio is set",
        },
        Field.Switch("decay_biases", "Weight decay acts on biases and norms too; transformers' trainer leaves them out",
            s => s.DecayBiases, (s, v) => s with { DecayBiases = v }) with
        {
            Idle = recipe => Decays(recipe.Optimization) ? null : $"the optimizer {recipe.Optimization.Optimizer} decays nothing here",
        },
        Field.Switch("precondition",
            "Divide the gradients of a LoRA's factors by the other factor's Gram matrix (as LoRA-FA's optimizer does)",
            s => s.Precondition, (s, v) => s with { Precondition = v }),
        Field.Number("scale_weight_norms", "Scale a layer's change down to this norm after each step (max-norm); 1 is usual",
            s => s.ScaleWeightNorms, (s, v) => s with { ScaleWeightNorms = v }, NumberRange.Above(0, "1 is usual")) with
        {
            MetadataKey = "ss_scale_weight_norms",
        },
    ];

    /// <summary>Those of models that have one part.</summary>
    public static IReadOnlyList<RecipeField> PlainRateFields { get; } =
        [.. RateFields.Where(field => field.Name is not ("unet_learning_rate" or "text_encoder_learning_rate"
            or "loraplus_unet_ratio" or "loraplus_text_encoder_ratio"))];

    /// <summary>
    /// The schedule with the arguments of every schedule, then the optimizer with those of every optimizer. Made when they are asked for:
    /// they tell those that there are.
    /// </summary>
    public static IReadOnlyList<RecipeField> ChoiceFields =>
    [
        Field.Text("schedule", WordList.Prose([.. LearningRateSchedules.All.Select(s => s.Name)]),
            s => s.Schedule, (s, v) => s with { Schedule = LearningRateSchedules.Named(v).Name }) with
        {
            AlsoCalled = ["lr_scheduler", "lr_scheduler_type"],
            Words = () => [.. LearningRateSchedules.All.Select(s => s.Name)],
            Check = FaultsOfSchedule,
            MetadataKey = "ss_lr_scheduler",
        },
        Field.Number("warmup", "Warm-up: steps from 1 up, or a share of all steps below 1",
            s => s.Warmup, (s, v) => s with { Warmup = v }, warmups) with
        {
            AlsoCalled = ["lr_warmup_steps", "warmup_steps", "warmup_ratio"],
            MayChange = true,
        },
        Field.Word("schedule_counting", $"What the schedule and its warm-up count: {ScheduleCounts.Prose}", () => ScheduleCounts.All,
            s => s.ScheduleCounting, (s, v) => s with { ScheduleCounting = v }) with
        {
            Idle = recipe => recipe.Optimization.Accumulation > 1 ? null : "accumulation is 1: a step has one batch",
        },
        .. Distinct(LearningRateSchedules.All.SelectMany(s => s.Arguments)).Select(argument => Field.Argument(
            argument, s => s.ScheduleArguments, (s, v) => s with { ScheduleArguments = v }, ArgumentsOfSchedule,
            s => $"the schedule {s.Schedule}")),
        Field.Text("optimizer", $"What moves the parameters: {WordList.Prose([.. Optimizers.All.Select(o => o.Name)])}",
            s => s.Optimizer, (s, v) => s with { Optimizer = v }) with
        {
            AlsoCalled = ["optimizer_type", "optim"],
            Meaning = recipe => Optimizers.Named(recipe.Optimization.Optimizer).Name,
            Words = () => [.. Optimizers.All.Select(o => o.Name)],
            Check = s => Faults.In(() => Optimizers.Named(s.Optimizer)),
            MetadataKey = "ss_optimizer",
            MetadataValue = recipe => Optimizers.Named(recipe.Optimization.Optimizer).Text(recipe.Optimization.AllOptimizerArguments),
        },
        .. Distinct(Optimizers.All.SelectMany(o => o.Arguments)).Select(argument => Field.Argument(
            argument, s => s.OptimizerArguments, (s, v) => s with { OptimizerArguments = v }, ArgumentsOfOptimizer,
            s => $"the optimizer {s.Optimizer}")),
        Field.Several("optimizer_args", "An argument of the optimizer, name=value, in torch's and kohya's words too: betas=0.9,0.99",
            RecipeList.Pairs, s => s.OptimizerArgs, (s, v) => s with { OptimizerArgs = v }) with
        {
            Single = "optimizer_arg",
            Check = s => Optimizers.TryNamed(s.Optimizer, out _) ? Faults.In(() => _ = s.AllOptimizerArguments) : [],
        },
        Field.Several("scheduler_args", "An argument of the schedule, name=value: num_cycles=3",
            RecipeList.Pairs, s => s.SchedulerArgs, (s, v) => s with { SchedulerArgs = v }) with
        {
            AlsoCalled = ["lr_scheduler_args", "lr_scheduler_kwargs"],
            Single = "scheduler_arg",
            Check = s => LearningRateSchedules.TryNamed(s.Schedule, out _) ? Faults.In(() => _ = s.AllScheduleArguments) : [],
        },
        .. AverageFields,
    ];

    static IReadOnlyList<RecipeField> AverageFields { get; } =
    [
        Field.Number("ema_decay", "Keep a moving average of what is trained (EMA), in a file of its own; 0.999 is usual, 0 keeps none",
            s => s.EmaDecay, (s, v) => s with { EmaDecay = v }, NumberRange.ShareBelowOne),
        Field.Switch("ema_warmup", "Let its decay rise as 1 - (1 + steps)^-2/3 (use_ema_warmup)",
            s => s.EmaWarmup, (s, v) => s with { EmaWarmup = v }) with
        {
            AlsoCalled = ["use_ema_warmup"],
            Idle = recipe => recipe.Optimization.EmaDecay > 0 ? null : "ema_decay is 0",
        },
        Field.Whole("ema_update_after", "Steps before it averages (update_after_step)",
            s => s.EmaUpdateAfter, (s, v) => s with { EmaUpdateAfter = (int)v }, NumberRange.AtLeast(0)) with
        {
            Idle = recipe => recipe.Optimization.EmaDecay > 0 ? null : "ema_decay is 0",
        },
    ];

    /// <summary>How long it learns, on how much at once.</summary>
    public static IReadOnlyList<RecipeField> LengthFields { get; } =
    [
        Field.Whole("steps", $"Optimizer steps; where neither steps nor epochs are said, {UsualSteps}",
            s => s.Steps, (s, v) => s with { Steps = (int)v }, NumberRange.AtLeast(0)) with
        {
            AlsoCalled = ["max_train_steps", "max_steps"],
            MayChange = true,
            Check = s => Lasts(s) ? [] : [$"steps is {s.Steps} and epochs is {s.Epochs} (one of them 1 or more)"],
        },
        Field.Whole("epochs", "Passes over the pictures; steps count before them",
            s => s.Epochs, (s, v) => s with { Epochs = (int)v }, NumberRange.AtLeast(0)) with
        {
            AlsoCalled = ["max_train_epochs", "num_train_epochs"],
            MayChange = true,
            Idle = recipe => recipe.Optimization.Steps is > 0 and { } steps ? $"steps is {steps}, and that counts" : null,
        },
        Field.Whole("batch_size", "Pictures in a batch",
            s => s.BatchSize, (s, v) => s with { BatchSize = (int)v }, NumberRange.AtLeast(1)) with
        {
            AlsoCalled = ["train_batch_size", "per_device_train_batch_size"],
        },
        Field.Whole("accumulation", "Batches in an optimizer step",
            s => s.Accumulation, (s, v) => s with { Accumulation = (int)v }, NumberRange.AtLeast(1)) with
        {
            AlsoCalled = ["gradient_accumulation_steps"],
            MetadataKey = "ss_gradient_accumulation_steps",
        },
        Field.Number("max_grad_norm", "Largest norm of the gradient; 0 does not clip",
            s => s.MaxGradNorm, (s, v) => s with { MaxGradNorm = v }, new("0 or more", norm => norm >= 0)) with
        {
            MayChange = true,
            MetadataKey = "ss_max_grad_norm",
        },
        Field.Number("grad_norm_type", "Which norm: 2, 1 (the sum of magnitudes) or Infinity (the largest)",
            s => s.GradNormType, (s, v) => s with { GradNormType = v }, new("above 0", order => order > 0)) with
        {
            MayChange = true,
            Idle = recipe => recipe.Optimization.MaxGradNorm > 0 ? null : "max_grad_norm is 0",
        },
        Field.Number("max_grad_value", "Largest magnitude of a number of the gradient, before its norm is limited; 0 does not clip",
            s => s.MaxGradValue, (s, v) => s with { MaxGradValue = v }, NumberRange.AtLeast(0)) with
        {
            MayChange = true,
        },
    ];

    static IEnumerable<NamedArgument> Distinct(IEnumerable<NamedArgument> arguments) => arguments.DistinctBy(argument => argument.Name);

    static IReadOnlyList<string> FaultsOfSchedule(OptimizationSection section)
    {
        if (!LearningRateSchedules.TryNamed(section.Schedule, out var schedule))
            return Faults.In(() => LearningRateSchedules.Named(section.Schedule));
        var given = section.ScheduleArguments;
        bool areWell = schedule.Arguments.All(one => !given.TryGetValue(one.Name, out var text) || one.Fault(text) is null);
        return areWell ? Faults.In(() => schedule.CurveOf(given)) : [];   // else they are told by their own fields
    }

    // Whether anything at all is drawn to zero.
    static bool Decays(OptimizationSection section) => ArgumentsOfOptimizer(section).FirstOrDefault(one => one.Name == "weight_decay")
        is { } decay && decay.TextIn(section.OptimizerArguments) != "0";

    // A name that is not known is told by its own field.
    static IReadOnlyList<NamedArgument> ArgumentsOfSchedule(OptimizationSection section) =>
        LearningRateSchedules.TryNamed(section.Schedule, out var schedule) ? schedule.Arguments : [];

    static IReadOnlyList<NamedArgument> ArgumentsOfOptimizer(OptimizationSection section) =>
        Optimizers.TryNamed(section.Optimizer, out var optimizer) ? optimizer.Arguments : [];

    // Nobody says 0 steps without epochs and means the usual number.
    static bool Lasts(OptimizationSection section) =>
        section is { Steps: null or >= 0, Epochs: >= 0 } && (section.Steps is null || section.Steps + section.Epochs > 0);

    static string? Without(bool trained, string field) => trained ? null : $"{field} is off";

    // LoRA+ acts where one of its three ratios is given.
    static bool IsPlus(OptimizationSection section) =>
        section is not { LoraplusRatio: null, LoraplusUnetRatio: null, LoraplusTextEncoderRatio: null };

    static string? IdleRate(TrainingRecipe recipe)
    {
        var (network, section) = (recipe.Network, recipe.Optimization);
        if (section.OwnRate() is { } why) return why;
        bool unets = !network.TrainUnet || section.UnetLearningRate is not null;
        bool texts = !network.TrainTextEncoder || section.TextEncoderLearningRate is not null;
        return unets && texts ? "what is trained has learning rates of its own" : null;
    }

    static string? IdleRatio(TrainingRecipe recipe)
    {
        var (network, section) = (recipe.Network, recipe.Optimization);
        bool unets = !network.TrainUnet || section.LoraplusUnetRatio is not null;
        bool texts = !network.TrainTextEncoder || section.LoraplusTextEncoderRatio is not null;
        return unets && texts ? "what is trained has ratios of its own" : null;
    }
}
