using System.Globalization;

namespace Lowrank.Training;

/// <summary>The account of a run: of its data and model, its length, its settings, and of the run that it goes on with.</summary>
static class RunAccount
{
    /// <summary>Adds all of it.</summary>
    public static void Of(TrainingRecipe recipe, ITrainingJob job, EarlierRun? earlier, Account account)
    {
        account.Add(job.Account.Lines);
        int total = recipe.Optimization.StepsOf(job.Data.BatchesPerEpoch);
        account.Takes("length", Length(recipe.Optimization, job.Data, total));
        if (recipe.Saving.GivenName is { Length: > 0 } given && given != recipe.Saving.Name)
            account.Takes("name", $"name is taken as {recipe.Saving.Name} of {given}: files get their endings in any case");
        account.Add(recipe.Idle());
        AddAlpha("alpha", recipe.Network.Alpha, account);
        AddAlpha("conv_alpha", recipe.Network.ConvAlpha, account);
        AddWarmup(recipe.Optimization, total, account);
        if (earlier is not null) AddEarlier(recipe, earlier, total, account);
    }

    /// <summary>Adds what of an earlier run goes, and what is replaced in the end.</summary>
    public static void AddOverwritten(SavingSection saving, TrainingFiles files, Account account)
    {
        if (saving.Resume || !saving.Overwrite) return;
        var (gone, replaced) = (files.Steps(), files.Finished());
        if (gone.Count > 0)
            account.Takes("overwrite", $"of the earlier run {Listing.Of(gone)} is removed before the first step");
        if (replaced.Count > 0)
            account.Takes("overwrite", $"{Listing.Of(replaced)} stays until this run has an adapter to put in its place");
    }

    static string Length(OptimizationSection section, TrainingData data, int total)
    {
        string batches = Listing.Count(data.BatchesPerEpoch, "batch", "batches");
        double epochs = (double)total * section.Accumulation / Math.Max(1, data.BatchesPerEpoch);
        string perStep = section.Accumulation == 1 ? "" : $", {section.Accumulation} batches a step";
        string rounded = epochs.ToString("0.##", CultureInfo.InvariantCulture);
        string unit = rounded == "1" ? "epoch" : "epochs";
        return $"{Listing.Count(total, "step")}: {rounded} {unit} of {batches} of {section.BatchSize}{perStep}";
    }

    static void AddAlpha(string name, double? alpha, Account account)
    {
        if (alpha is 0) account.Takes(name, $"{name} is 0, which training takes for the rank, as sd-scripts and LyCORIS do");
    }

    static void AddWarmup(OptimizationSection section, int steps, Account account)
    {
        int total = steps * section.ScheduleStepsOfStep;
        int warmup = section.WarmupSteps(steps);
        if (warmup == 0 || warmup < total) return;
        string share = ((double)(total - 1) / warmup).ToString("0.# %", CultureInfo.InvariantCulture);
        bool areBatches = OptimizationSection.ScheduleCounts.Of(section.ScheduleCounting);
        string length = areBatches ? Listing.Count(warmup, "batch", "batches") : Listing.Count(warmup, "step");
        account.Leaves("warmup",
            $"warmup is {length} and the run has {total}: the learning rate reaches {share} of what was asked");
    }

    /// <summary>Adds that biases are kept from a decay where none is trained.</summary>
    public static void AddDecay(OptimizationSection section, IEnumerable<PlannedTarget> plan, Account account)
    {
        if (section.DecayBiases || plan.Any(TrainsBias)) return;
        account.Leaves("decay_biases", "decay_biases is false and is not used: neither biases nor norms are trained");
    }

    static bool TrainsBias(PlannedTarget plan) => plan.Target.Kind == LayerKind.Norm
        || plan.Options is { TrainBias: true } or LoraOptions { Bias: true }
        || plan.Method.Parts.Any(part => part.Name is "bias");   // a LoRA's added one is an option

    static void AddEarlier(TrainingRecipe recipe, EarlierRun earlier, int total, Account account)
    {
        string[] changes = [.. earlier.Changes(recipe)];
        string changed = changes.Length == 0 ? "" : $"; {string.Join(", ", changes)}";
        account.Takes("resume",
            $"goes on after step {earlier.Step} with the weights, the optimizer's state and the losses of {earlier.Path}{changed}");
        string done = Listing.Count(earlier.Step, "step");
        if (earlier.Step > total)
            account.Leaves("steps", $"{done} done already and {total} asked for: none is taken, and none taken back");
        else if (earlier.Step == total) account.Leaves("steps", $"{done} of {total} done already: none is taken (more steps go on)");
    }
}
