namespace Lowrank.Training;

/// <summary>What moves the parameters of a run: the loop with its optimizer and rules.</summary>
/// <param name="Loop">The loop.</param>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="Rules">What acts beside it.</param>
sealed record Learning(TrainingLoop Loop, IOptimizer Optimizer, IReadOnlyList<ITrainingRule> Rules) : IDisposable
{
    /// <summary>As a recipe asks for it.</summary>
    public static Learning Of(TrainingRecipe recipe, ITrainingJob job, Adapter adapter, IReadOnlyList<PlannedTarget> plan)
    {
        var section = recipe.Optimization;
        int total = section.StepsOf(job.Task.BatchesPerEpoch);
        var (optimizer, rates) = RunOptimizer.Of(section, job.Model.Roles, adapter, plan, total);
        try
        {
            var rules = TrainingRules.Of(adapter, plan, job.Model, section, total);
            var loop = new TrainingLoop(job.Task, optimizer, rates, total, section.Accumulation, section.MaxGradNorm, rules)
            {
                GradNormType = section.GradNormType,
                MaxGradValue = section.MaxGradValue,
            };
            return new(loop, optimizer, rules);
        }
        catch
        {
            optimizer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var rule in Rules.OfType<IDisposable>()) rule.Dispose();
        Optimizer.Dispose();
    }
}
