namespace Lowrank.Training;

/// <summary>Makes the adapter that a run trains.</summary>
static class AdapterStart
{
    /// <summary>A fresh adapter over a plan, where the model's weights are.</summary>
    /// <param name="job">The model, and batches for adapters that begin with what layers are asked.</param>
    /// <param name="plan">Which layers get what.</param>
    /// <param name="recipe">Seed, name, and how many batches are looked at.</param>
    /// <param name="listener">Told how many were looked at.</param>
    /// <param name="cancel">Looked at between batches.</param>
    public static Adapter Make(
        ITrainingJob job, IReadOnlyList<PlannedTarget> plan, TrainingRecipe recipe, ITrainingListener listener, CancellationToken cancel)
    {
        using var generator = StepSeeds.Generator(recipe.Computing.Seed, "initial factors", 0);
        using var inputs = new InputRecorder(job.Model, plan);
        if (inputs.IsNeeded) LookAtInputs(job.Task, recipe.Network.InitBatches, listener, cancel);
        inputs.Leave();
        var adapter = AdapterFactory.Create(job.Model, plan, inputs, generator, recipe.Saving.Name);
        var device = recipe.Computing.ToDevice();
        if (device.type != DeviceType.CPU)
            foreach (var made in adapter.Targets.Values) made.to(device);   // begins are drawn on the CPU
        return adapter;
    }

    // What layers are asked in the run's first batches.
    static void LookAtInputs(ITrainingTask task, int batches, ITrainingListener listener, CancellationToken cancel)
    {
        using var grad = no_grad();
        for (int i = 0; i < batches; i++)
        {
            cancel.ThrowIfCancellationRequested();
            using (NewDisposeScope()) task.Loss(i);
            listener.Prepared("looking at inputs", i + 1, batches);
        }
    }
}
