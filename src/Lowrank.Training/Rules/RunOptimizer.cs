namespace Lowrank.Training;

/// <summary>The optimizer of a run with the learning rate of each of its groups.</summary>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="Rates">A schedule for each group.</param>
public sealed record RunOptimizer(IOptimizer Optimizer, IReadOnlyList<LearningRateSchedule> Rates)
{
    /// <summary>As a recipe asks for it.</summary>
    /// <param name="recipe">Rates, optimizer, schedule.</param>
    /// <param name="roles">What the model's components do, by their names.</param>
    /// <param name="adapter">What is trained.</param>
    /// <param name="plan">Rates of single layers.</param>
    /// <param name="totalSteps">Steps of the whole run.</param>
    public static RunOptimizer Of(
        OptimizationSection recipe,
        IReadOnlyDictionary<string, ComponentRole> roles,
        Adapter adapter,
        IReadOnlyList<PlannedTarget> plan,
        int totalSteps)
    {
        var plus = new LoraPlus(recipe.LoraplusRatio, recipe.LoraplusUnetRatio, recipe.LoraplusTextEncoderRatio)
        {
            PeftWay = OptimizationSection.PlusStyles.Of(recipe.LoraplusStyle),
        };
        var groups = RateGroups.Of(adapter, roles, plan, recipe.RateOfUnet, recipe.RateOfTextEncoder, plus, recipe.DecayBiases);
        var schedule = LearningRateSchedules.Named(recipe.Schedule);
        int perStep = recipe.ScheduleStepsOfStep;
        int total = totalSteps * perStep, warmup = recipe.WarmupSteps(totalSteps);
        // First what nobody has to dispose.
        var arguments = recipe.AllScheduleArguments;
        LearningRateSchedule[] rates =
        [
            .. groups.Select(group => schedule.Create(group.Rate, total, warmup, arguments) with { PerStep = perStep }),
        ];
        return new(Optimizers.Named(recipe.Optimizer).Create(groups.Select(ParametersOf), recipe.AllOptimizerArguments), rates);
    }

    static ParameterGroup ParametersOf(RateGroup group) =>
        new([.. group.Parameters.Select(p => p.Value)], group.Rate) { Decays = group.Decays, DecaysToward = group.DecaysToward };
}
