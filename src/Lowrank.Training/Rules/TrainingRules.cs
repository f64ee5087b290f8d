namespace Lowrank.Training;

/// <summary>What acts beside the optimizer in a run: what its methods bring, then what the recipe asks for.</summary>
public static class TrainingRules
{
    /// <summary>The rules, in the order in which they act. Those that hold tensors are the caller's to dispose.</summary>
    /// <param name="adapter">What is trained.</param>
    /// <param name="plan">How it was made.</param>
    /// <param name="model">What it adapts.</param>
    /// <param name="recipe">What is asked for.</param>
    /// <param name="totalSteps">Steps of the whole run.</param>
    public static IReadOnlyList<ITrainingRule> Of(
        Adapter adapter, IReadOnlyList<PlannedTarget> plan, ModelDescription model, OptimizationSection recipe, int totalSteps)
    {
        var rules = new List<ITrainingRule>();
        try
        {
            foreach (var rule in Made(adapter, plan, model, recipe, totalSteps)) rules.Add(rule);
            return rules;
        }
        catch
        {
            foreach (var rule in rules.OfType<IDisposable>()) rule.Dispose();
            throw;
        }
    }

    static IEnumerable<ITrainingRule> Made(
        Adapter adapter, IReadOnlyList<PlannedTarget> plan, ModelDescription model, OptimizationSection recipe, int totalSteps)
    {
        foreach (var planned in plan.DistinctBy(planned => planned.Method))
            if (planned.Method.Rule is { } rule) yield return rule(adapter, planned.Method.OwnOptions(planned.Options), totalSteps);
        if (recipe.Precondition) yield return new Preconditioner(adapter);
        if (recipe.ScaleWeightNorms is { } limit)
        {
            var layers = model.Components.SelectMany(c => c.Targets).ToDictionary(t => t.Target.Path, t => t.Layer);
            yield return new MaxNorm(adapter, target => layers[target.Path], limit);
        }
        // The last, so that it sees what every other rule did to a step.
        if (recipe.EmaDecay > 0)
            yield return new MovingAverage(
                adapter.Trainable.Distinct(), new(recipe.EmaDecay, UpdateAfter: recipe.EmaUpdateAfter, Warms: recipe.EmaWarmup));
    }
}
