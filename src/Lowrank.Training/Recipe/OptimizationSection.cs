namespace Lowrank.Training;

/// <summary>How a run learns, and for how long.</summary>
public sealed partial record OptimizationSection
{
    /// <summary>Whose LoRA+ may be meant, and whether that is PEFT's.</summary>
    public static Words<bool> PlusStyles { get; } = new(("kohya", false, null), ("peft", true, null));

    /// <summary>Learning rate.</summary>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>The UNet's learning rate; null means <see cref="LearningRate"/>.</summary>
    public double? UnetLearningRate { get; init; }

    /// <summary>The text encoders' learning rate; null means <see cref="LearningRate"/>.</summary>
    public double? TextEncoderLearningRate { get; init; }

    /// <summary>LoRA+'s ratio: how much faster factors learn that begin at zero; null keeps one rate.</summary>
    public double? LoraplusRatio { get; init; }

    /// <summary>The UNet's ratio; null means <see cref="LoraplusRatio"/>.</summary>
    public double? LoraplusUnetRatio { get; init; }

    /// <summary>The text encoders' ratio; null means <see cref="LoraplusRatio"/>.</summary>
    public double? LoraplusTextEncoderRatio { get; init; }

    /// <summary>Whose LoRA+ is meant: a word of <see cref="PlusStyles"/>.</summary>
    public string LoraplusStyle { get; init; } = "kohya";

    /// <summary>Whether weight decay acts on biases and norms too.</summary>
    public bool DecayBiases { get; init; } = true;

    /// <summary>Whether gradients of a LoRA's factors are divided by the other factor's Gram matrix.</summary>
    public bool Precondition { get; init; }

    /// <summary>Largest norm of a layer's change; null sets no limit.</summary>
    public double? ScaleWeightNorms { get; init; }

    /// <summary>Name of the optimizer.</summary>
    public string Optimizer { get; init; } = "adamw";

    /// <summary>Arguments of optimizers that are given, by name.</summary>
    public IReadOnlyDictionary<string, string> OptimizerArguments { get; init; } = new Dictionary<string, string>();

    /// <summary>Name of the schedule of the learning rate.</summary>
    public string Schedule { get; init; } = "cosine";

    /// <summary>Arguments of schedules that are given, by name.</summary>
    public IReadOnlyDictionary<string, string> ScheduleArguments { get; init; } = new Dictionary<string, string>();

    /// <summary>More arguments of the optimizer, name=value, in our words or in those of Python's libraries.</summary>
    public IReadOnlyList<string> OptimizerArgs { get; init; } = [];

    /// <summary>More arguments of the schedule.</summary>
    public IReadOnlyList<string> SchedulerArgs { get; init; } = [];

    /// <summary>The optimizer's arguments, however they were given.</summary>
    /// <exception cref="LowrankException">One is given twice, or cannot be.</exception>
    public IReadOnlyDictionary<string, string> AllOptimizerArguments =>
        Together(OptimizerArguments, Optimizers.Named(Optimizer).Read(OptimizerArgs), "optimizer_args");

    /// <summary>The schedule's.</summary>
    /// <exception cref="LowrankException">One is given twice, or cannot be.</exception>
    public IReadOnlyDictionary<string, string> AllScheduleArguments =>
        Together(ScheduleArguments, LearningRateSchedules.Named(Schedule).Read(SchedulerArgs), "scheduler_args");

    /// <summary>Why the optimizer heeds no learning rate; null where it does.</summary>
    public string? OwnRate()
    {
        if (!Optimizers.TryNamed(Optimizer, out var chosen) || Faults.In(() => _ = AllOptimizerArguments).Count > 0) return null;
        return chosen.OwnRate(AllOptimizerArguments);
    }

    static Dictionary<string, string> Together(
        IReadOnlyDictionary<string, string> fields, IReadOnlyDictionary<string, string> more, string list)
    {
        if (more.Keys.FirstOrDefault(fields.ContainsKey) is { } twice)
            throw new LowrankException($"{twice} is given as a field and in {list}; say it once");
        return fields.Concat(more).ToDictionary();
    }

    /// <summary>With what the schedule goes on, and whether that is every batch.</summary>
    public static Words<bool> ScheduleCounts { get; } = new(
        ("steps", false, "optimizer steps"), ("batches", true, "batches, of which a step may have several"));

    /// <summary>With what the schedule goes on: a word of <see cref="ScheduleCounts"/>.</summary>
    public string ScheduleCounting { get; init; } = "steps";

    /// <summary>Steps of the schedule in an optimizer step.</summary>
    internal int ScheduleStepsOfStep => ScheduleCounts.Of(ScheduleCounting) ? Accumulation : 1;

    /// <summary>Warm-up in what <see cref="ScheduleCounting"/> says, from 1 up; below 1 a share of all of it, rounded up.</summary>
    public double Warmup { get; init; } = 0.05;

    /// <summary>Optimizer steps of a run where nobody says how long it lasts.</summary>
    public const int UsualSteps = 1500;

    /// <summary>Optimizer steps; null or 0 takes <see cref="Epochs"/>, or else <see cref="UsualSteps"/>.</summary>
    public int? Steps { get; init; }

    /// <summary>Passes over the data, if <see cref="Steps"/> does not say how long the run lasts.</summary>
    public int Epochs { get; init; }

    /// <summary>Examples in a batch.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Batches in an optimizer step.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>Largest norm of the gradient; 0 does not clip.</summary>
    public double MaxGradNorm { get; init; } = 1;

    /// <summary>Which norm that is: 2, 1 (the sum of magnitudes) or infinity (the largest).</summary>
    public double GradNormType { get; init; } = 2;

    /// <summary>Largest magnitude of a number of the gradient; 0 does not clip.</summary>
    public double MaxGradValue { get; init; }

    /// <summary>Decay of the moving average of what is trained (EMA); 0 keeps none.</summary>
    public double EmaDecay { get; init; }

    /// <summary>Whether that decay rises with a warm-up of its own.</summary>
    public bool EmaWarmup { get; init; }

    /// <summary>Steps before it averages.</summary>
    public int EmaUpdateAfter { get; init; }

    /// <summary>Rate of the UNet.</summary>
    public double RateOfUnet => UnetLearningRate ?? LearningRate;

    /// <summary>Rate of the text encoders.</summary>
    public double RateOfTextEncoder => TextEncoderLearningRate ?? LearningRate;

    /// <summary>Optimizer steps of a run.</summary>
    /// <param name="batchesPerEpoch">Batches in a pass over the data.</param>
    public int StepsOf(int batchesPerEpoch)
    {
        if (Steps is > 0 and { } steps) return steps;
        return Epochs > 0 ? (int)(((long)Epochs * batchesPerEpoch + Accumulation - 1) / Accumulation) : UsualSteps;
    }

    /// <summary>Whether a warm-up that is a share of the steps is rounded up, as by transformers, and not down, as by sd-scripts.</summary>
    internal bool RoundsWarmupUp { get; init; }

    /// <summary>Warm-up in a run, in what <see cref="ScheduleCounting"/> says: optimizer steps or batches.</summary>
    /// <param name="totalSteps">Optimizer steps of the run.</param>
    public int WarmupSteps(int totalSteps)
    {
        if (Warmup >= 1) return (int)Warmup;
        double share = Warmup * totalSteps * ScheduleStepsOfStep;
        return (int)(RoundsWarmupUp ? Math.Ceiling(share) : share);
    }

    /// <summary>What is unusual beside the optimizer that is chosen.</summary>
    public IEnumerable<AccountLine> Advice()
    {
        if (!Optimizers.TryNamed(Optimizer, out var chosen)) yield break;
        if (chosen.UsualRate is { } usual && LearningRate < usual / 10)
            yield return new(
                "usual_rate", $"learning_rate is {PlainValue.Text(LearningRate)}; with {chosen.Name} {PlainValue.Text(usual)} is usual, " +
                "for it finds its rate itself and learning_rate is a factor on it", false);
        if (chosen.NeedsNoSchedule && LearningRateSchedules.TryNamed(Schedule, out var schedule) && schedule.Name != "constant")
            yield return new("usual_schedule", $"schedule is {schedule.Name}; {chosen.Name} is made for schedule constant", false);
    }

    /// <summary>Arguments that a program gave and that no schedule or optimizer has; a file's and a command line's are fields.</summary>
    public IEnumerable<AccountLine> Strays()
    {
        foreach (var (name, text) in ScheduleArguments)
            if (LearningRateSchedules.All.SelectMany(one => one.Arguments).All(argument => argument.Name != name))
                yield return new($"idle_{name}", $"{name} is {text} and is not used: the schedule {Schedule} has no such argument", true);
        foreach (var (name, text) in OptimizerArguments)
            if (Optimizers.All.SelectMany(one => one.Arguments).All(argument => argument.Name != name))
                yield return new($"idle_{name}", $"{name} is {text} and is not used: the optimizer {Optimizer} has no such argument", true);
    }
}
