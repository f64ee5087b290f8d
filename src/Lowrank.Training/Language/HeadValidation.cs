namespace Lowrank.Training;

/// <summary>Rows with labels that are held back, and what a head makes of them: the loss, and the task's measures.</summary>
/// <param name="batches">The rows, in their order.</param>
/// <param name="aim">What their labels are.</param>
/// <param name="measures">Names of the measures, of <see cref="LabelMeasures"/>.</param>
/// <param name="isDue">Whether they are looked at after a step.</param>
sealed class HeadValidation(ILanguageBatches batches, HeadAim aim, IReadOnlyList<string> measures, Func<int, bool> isDue)
{
    /// <summary>Puts what is trained in or out of training for a look; set where the adapter is.</summary>
    public Action<bool> Train { get; set; } = static _ => { };

    /// <summary>The measures after a step under the names that logs have for them; none where no look is due.</summary>
    public IReadOnlyDictionary<string, double> Look(LanguageNetwork network, IObjective objective, int step)
    {
        if (!isDue(step)) return new Dictionary<string, double>();
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        Train(false);
        try
        {
            return Measured(network, objective);
        }
        finally
        {
            Train(true);
        }
    }

    Dictionary<string, double> Measured(LanguageNetwork network, IObjective objective)
    {
        var told = new List<(Tensor Scores, Tensor? Targets)>();
        var sums = new Dictionary<string, double>();
        double rows = 0;
        for (int number = 0; number < batches.PerEpoch; number++)
        {
            using var scope = NewDisposeScope();
            var examples = batches[number];
            var scores = HeadScores.Of(network, examples).to(ScalarType.Float32);
            if (IsTold) told.Add((scope.MoveToOuter(Flat(scores).cpu()), scope.MoveToOuter(FlatTargets(examples).cpu().clone())));
            else rows += Add(sums, objective.Loss(Input(scores, examples)), examples.Rows.Ids.shape[0]);
        }
        if (!IsTold) return sums.ToDictionary(one => $"eval_{one.Key}", one => one.Value / rows);
        return Whole(objective, cat([.. told.Select(one => one.Scores)]), cat([.. told.Select(one => one.Targets!)]));
    }

    // Whether all rows are measured at once; of spans and pairs means of batches are the same.
    bool IsTold => aim is not (HeadAim.Span or HeadAim.Reward);

    Tensor Flat(Tensor scores) => aim == HeadAim.Tokens ? scores.reshape(-1, scores.shape[^1]) : scores;

    Tensor FlatTargets(LanguageExamples examples) => aim == HeadAim.Tokens ? examples.Targets!.reshape(-1) : examples.Targets!;

    static ObjectiveInput Input(Tensor scores, LanguageExamples examples) =>
        new() { Scores = scores, Targets = examples.Targets, Margins = examples.Margins, Mask = examples.Rows.Mask };

    static double Add(Dictionary<string, double> sums, ObjectiveLoss made, double rows)
    {
        foreach (var (name, value) in made.Metrics.Append(new("loss", made.Loss.ToDouble())))
            sums[name] = sums.GetValueOrDefault(name) + rows * value;
        return rows;
    }

    // Where all rows are told the same number nothing correlates, and there is no measure.
    Dictionary<string, double> Whole(IObjective objective, Tensor scores, Tensor targets)
    {
        var made = objective.Loss(new() { Scores = scores, Targets = targets });
        var all = new Dictionary<string, double> { ["eval_loss"] = made.Loss.ToDouble() };
        if (aim == HeadAim.Several) all["eval_accuracy"] = made.Metrics["accuracy"];
        else
            foreach (var measure in LabelMeasures.Measure(measures, Numbers(Right(targets)), Numbers(Said(scores, targets))))
                if (double.IsFinite(measure.Value)) all[$"eval_{measure.Name.Replace(' ', '_')}"] = measure.Value;
        return all;
    }

    static Tensor Right(Tensor targets) => targets.is_floating_point() ? targets : targets[targets.ne(LanguageBatch.NotCounted)];

    Tensor Said(Tensor scores, Tensor targets) =>
        aim == HeadAim.Number ? scores.reshape(-1) : scores.argmax(-1)[targets.ne(LanguageBatch.NotCounted)];

    static double[] Numbers(Tensor of) => [.. of.to(ScalarType.Float64).data<double>()];
}
