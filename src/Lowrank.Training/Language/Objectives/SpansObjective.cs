namespace Lowrank.Training;

/// <summary>Where an answer begins and where it ends is learnt: the mean of two cross-entropies over the row's places.</summary>
public sealed class SpansObjective : IObjective
{
    /// <summary>What there is to know of it.</summary>
    public static ObjectiveDescriptor Descriptor { get; } =
        new("question_answering", "where in a text the answer to a question stands", _ => new SpansObjective())
        {
            OtherNames = ["question", "extractive_qa"],
        };

    /// <inheritdoc/>
    public ObjectiveNeeds Needs { get; } = new(ObjectiveModel.Spans);

    /// <inheritdoc/>
    public ObjectiveLoss Loss(ObjectiveInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var scores = ObjectiveInput.Given(input.Scores, "question_answering", "the model's scores").to(ScalarType.Float32);   // (B, T, 2)
        var targets = ObjectiveInput.Given(input.Targets, "question_answering", "first and last places");   // (B, 2)
        var (begins, ends) = (scores.select(2, 0), scores.select(2, 1));
        var (firsts, lasts) = (targets.select(1, 0), targets.select(1, 1));
        var loss = AnswerLoss.Of(begins, ends, firsts, lasts);
        var isExact = begins.argmax(1).eq(firsts).logical_and(ends.argmax(1).eq(lasts));
        return new(scope.MoveToOuter(loss), new Dictionary<string, double>
        {
            ["exact_match"] = Completions.Number(isExact.to(ScalarType.Float32).mean()),
        });
    }
}
