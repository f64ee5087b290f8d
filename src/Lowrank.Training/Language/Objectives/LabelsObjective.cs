namespace Lowrank.Training;

/// <summary>Numbers of rows are learnt: one number by squared differences, or several classes at once, each yes or no.</summary>
public sealed class LabelsObjective : IObjective
{
    readonly bool severalClasses;

    /// <summary>An objective.</summary>
    /// <param name="severalClasses">Whether targets (B, classes) say yes or no of each class; else they are numbers (B).</param>
    public LabelsObjective(bool severalClasses) => this.severalClasses = severalClasses;

    /// <summary>What there is to know of it with one number a row.</summary>
    public static ObjectiveDescriptor Regression { get; } =
        new("regression", "a number of each text or pair of texts", _ => new LabelsObjective(severalClasses: false));

    /// <summary>What there is to know of it with several classes.</summary>
    public static ObjectiveDescriptor SeveralClasses { get; } =
        new("multi_label", "which of several classes a text is of, each yes or no", _ => new LabelsObjective(severalClasses: true))
        {
            OtherNames = ["multi_label_classification"],
        };

    /// <inheritdoc/>
    public ObjectiveNeeds Needs { get; } = new(ObjectiveModel.Rows);

    /// <inheritdoc/>
    public ObjectiveLoss Loss(ObjectiveInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        string name = severalClasses ? "multi_label" : "regression";
        var scores = ObjectiveInput.Given(input.Scores, name, "the model's scores").to(ScalarType.Float32);
        var targets = ObjectiveInput.Given(input.Targets, name, "labels");
        if (scores.numel() != targets.numel())
            throw new LowrankException($"{name}: scores ({string.Join(", ", scores.shape)}) do not fit labels " +
                $"({string.Join(", ", targets.shape)}). Has the model as many outputs as a row has labels?");
        var loss = LabelLoss.Of(scores, targets.reshape(scores.shape), severalClasses ? "multi_label_classification" : "regression");
        var metrics = new Dictionary<string, double>();
        if (severalClasses)
            metrics["accuracy"] = Completions.Number(scores.gt(0).eq(targets.reshape(scores.shape).gt(0.5)).to(ScalarType.Float32).mean());
        else metrics["mean_error"] = Completions.Number((scores - targets.reshape(scores.shape)).abs().mean());
        return new(scope.MoveToOuter(loss), metrics);
    }
}
