namespace Lowrank.Workbench;

/// <summary>Looks at a web UI's job for those who wait: its progress, and its pictures on the way.</summary>
/// <param name="pictures">Pictures of the batch.</param>
/// <param name="progress">Told the steps of the first pass.</param>
/// <param name="preview">Shown the pictures of every pass; null for nobody.</param>
sealed class WebUiView(int pictures, IProgress<SamplingProgress> progress, PicturePreview? preview)
{
    Action<int, NoiseLevel, Tensor>? look;
    int passes, steps;

    /// <summary>What the job is given.</summary>
    public WebUiWatch Watch => new()
    {
        Walks = Begin,
        Predicted = (step, level, clean) => look?.Invoke(step, level, clean),
        AfterStep = Tell,
    };

    void Begin(SamplingPlan plan)
    {
        (passes, steps) = (passes + 1, plan.Steps.Count);
        look = preview?.Watch(steps);
    }

    // A sampler that takes steps of its own may take more than the plan has.
    void Tell(int step)
    {
        if (passes == 1) progress.Report(new(step, Math.Max(step, steps), 0, pictures));
    }
}
