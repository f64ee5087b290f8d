namespace Lowrank.Language.Tests;

static class Measuring
{
    /// <summary>What an evaluator measures.</summary>
    public static EvaluationResult Measured(this Evaluator evaluator) => evaluator.Measure(cancel: TestContext.Current.CancellationToken);
}
