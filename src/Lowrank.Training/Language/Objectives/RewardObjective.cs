using F = TorchSharp.torch.nn.functional;

namespace Lowrank.Training;

/// <summary>A model that scores rows gives the chosen answer of a pair the higher score (Bradley and Terry).</summary>
public sealed class RewardObjective : IObjective
{
    readonly double? centring;

    /// <summary>An objective.</summary>
    /// <param name="centring">Weight of the mean squared sum of a pair's scores, which holds them around 0 (arXiv 2312.09244): 0 or more;
    /// 0.01 is usual. Null: none.</param>
    /// <exception cref="LowrankException"><paramref name="centring"/> is below 0.</exception>
    public RewardObjective(double? centring = null)
    {
        var faults = new ObjectiveFaults();
        faults.Range("center_rewards_coefficient", centring, NumberRange.AtLeast(0));
        faults.Throw("reward");
        this.centring = centring;
    }

    static readonly FreeArgument<double?> centringArgument = NamedArgument.OptionalNumber(
        "center_rewards_coefficient", "weight of what holds scores around 0; 0.01 is usual", NumberRange.AtLeast(0));

    /// <summary>What there is to know of it.</summary>
    public static ObjectiveDescriptor Descriptor { get; } = new(
        "reward", "a model that scores rows gives the chosen answer of a pair the higher score",
        given => new RewardObjective(centringArgument.In(given)))
    {
        OtherNames = ["reward_model", "rm"], Arguments = [centringArgument],
    };

    /// <inheritdoc/>
    public ObjectiveNeeds Needs { get; } = new(ObjectiveModel.Rows) 
    {
        Rows = ObjectiveRows.Pairs, LeavesOutChance = true,
    };

    /// <inheritdoc/>
    public ObjectiveLoss Loss(ObjectiveInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var scores = ObjectiveInput.Given(input.Scores, "reward", "the model's scores").reshape(-1).to(ScalarType.Float32);
        var (chosen, rejected) = Completions.Halves(scores);   // (pairs)
        var difference = chosen - rejected;
        var loss = -F.logsigmoid(input.Margins is { } margins ? difference - margins : difference).mean();
        if (centring is { } weight) loss = loss + (chosen + rejected).square().mean() * weight;
        return new(scope.MoveToOuter(loss), new Dictionary<string, double>
        {
            ["min_reward"] = Completions.Number(scores.min()),
            ["mean_reward"] = Completions.Number(scores.mean()),
            ["max_reward"] = Completions.Number(scores.max()),
            ["accuracy"] = Completions.Number(chosen.gt(rejected).to(ScalarType.Float32).mean()),
            ["margin"] = Completions.Number(difference.mean()),
        });
    }
}
