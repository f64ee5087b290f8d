namespace Lowrank.Torch;

/// <summary>An optimizer whose result is the mean x of where it has been, so that it needs no schedule (Defazio et al., arXiv 2405.15682),
/// as schedulefree 1.4.1.</summary>
/// <remarks>
/// Gradients are taken at y = (1 − β) z + β x, which the parameters are while they train; z is where plain steps lead. Files, samples and
/// validation want x (<see cref="Train"/>). Decay is taken at y.
/// </remarks>
abstract class ScheduleFreeOptimizer : RuledOptimizer
{
    readonly double beta, decay, weightPower, ratePower;
    readonly SharedNumber taken, largest, sum;
    readonly List<(TrainedParameter One, Tensor Trained)> away = [];
    double share;

    /// <summary>One over groups.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="beta">β.</param>
    /// <param name="decay">Weight decay.</param>
    /// <param name="weightPower">A step weighs by its number to this power in the mean.</param>
    /// <param name="ratePower">And by the largest rate so far to this one.</param>
    protected ScheduleFreeOptimizer(IEnumerable<ParameterGroup> groups, double beta, double decay, double weightPower, double ratePower)
        : base(groups)
    {
        (this.beta, this.decay, this.weightPower, this.ratePower) = (beta, decay, weightPower, ratePower);
        (taken, largest, sum) = (Shared("k"), Shared("lr_max"), Shared("weight_sum"));
    }

    /// <summary>How a step weighs in the mean by its number.</summary>
    protected static TypedArgument<double> WeightPower { get; } =
        NamedArgument.Number("weight_power", "schedule-free: a step weighs by its number to this power (r)", 0, NumberRange.AtLeast(0));

    /// <summary>How a step weighs in the mean by the rate.</summary>
    protected static TypedArgument<double> RatePower { get; } = NamedArgument.Number(
        "weight_lr_power", "schedule-free: a step weighs by the largest rate so far to this power", 2, NumberRange.AtLeast(0));

    /// <summary>Steps of the warm-up inside.</summary>
    protected static TypedArgument<int> WarmupSteps { get; } = NamedArgument.Whole(
        "inner_warmup_steps", "schedule-free: steps of the optimizer's own warm-up (warmup_steps)", 0, NumberRange.AtLeast(0));

    /// <summary>What the peer calls these.</summary>
    protected static IReadOnlyDictionary<string, string> PeersNames { get; } =
        new Dictionary<string, string> { ["r"] = "weight_power", ["warmup_steps"] = "inner_warmup_steps" };

    /// <summary>Steps with the one that is taken.</summary>
    protected double Number => taken.Value;

    /// <summary>The share of a group's rate that this step takes.</summary>
    protected abstract double RateShare();

    /// <summary>The direction of a step, which may be changed.</summary>
    protected abstract Tensor Direction(TrainedParameter one);

    /// <summary>Share of a warm-up that is done.</summary>
    protected double Warmed(int steps) => Number <= steps ? Number / steps : 1;

    /// <inheritdoc/>
    protected override void Begin(IReadOnlyList<TrainedParameter> ready)
    {
        taken.Value++;
        share = RateShare();
        largest.Value = Math.Max(largest.Value, Groups.Max(group => group.LearningRate) * share);
        double weight = Math.Pow(Number, weightPower) * Math.Pow(largest.Value, ratePower);
        sum.Value += weight;
        Weight = sum.Value > 0 ? weight / sum.Value : 0;
    }

    double Weight { get; set; }

    /// <inheritdoc/>
    protected override void Move(TrainedParameter one)
    {
        double rate = one.Rate * share;
        var direction = one.Pull(Direction(one), decay);
        one.Value.lerp_(one["z"], Weight).add_(direction, alpha: rate * (beta * (1 - Weight) - 1));
        one["z"].sub_(direction * rate);
    }

    /// <inheritdoc/>
    public override void Train(bool isTraining)
    {
        if (isTraining) ComeBack();
        else GoAway();
    }

    // x = z + (y - z) / β. What was trained is kept, so that to look changes no bit of it.
    void GoAway()
    {
        if (away.Count > 0) return;
        using var grad = no_grad();
        foreach (var one in All.Where(one => one.Parts.Count > 0))
        {
            using var scope = NewDisposeScope();
            var trained = one.Parameter.detach().clone();
            one.Parameter.copy_(one.Copy().lerp_(one["z"], 1 - 1 / beta));
            away.Add((one, trained.DetachFromDisposeScope()));
        }
    }

    void ComeBack()
    {
        using var grad = no_grad();
        foreach (var (one, trained) in away)
        {
            if (!one.Parameter.IsInvalid) one.Parameter.copy_(trained);
            trained.Dispose();
        }
        away.Clear();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var (_, trained) in away) trained.Dispose();
        away.Clear();
        base.Dispose();
    }
}
