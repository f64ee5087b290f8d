namespace Lowrank.Workbench;

/// <summary>Draws the demo's columns, one strength after the other; the base's is drawn before the adapter is attached.</summary>
/// <param name="shelf">Where the model is taken from.</param>
/// <param name="modelPath">The base model.</param>
/// <param name="adapterPath">The trained adapter.</param>
/// <param name="precision">In what it is computed.</param>
/// <param name="device">Where it is computed.</param>
sealed class DemoPictures(ModelShelf shelf, string modelPath, string adapterPath, Precision precision, Device device)
{
    /// <summary>A column of pictures for each of <see cref="DemoSettings.Strengths"/>.</summary>
    /// <exception cref="StoppedException">The job is to stop.</exception>
    public IReadOnlyList<IReadOnlyList<Picture>> Draw(GenerateOptions options, JobRun run)
    {
        using var taken = shelf.Take(ShelfPlace.Of(modelPath, new(), precision, device), run);
        var model = taken.As<StableDiffusion>("drawn with");
        var pipeline = new TextToImage(model, precision, device);
        var columns = new List<IReadOnlyList<Picture>>();
        var stage = run.Begin("pictures", DemoSettings.Strengths.Count * options.Count);
        AttachedAdapter? attached = null;
        try
        {
            foreach (var strength in DemoSettings.Strengths)
            {
                if (strength is { } value)
                {
                    attached ??= new AttachedAdapter(model, new(adapterPath, value));
                    attached.Attachment.Strength = value;
                }
                int before = columns.Count * options.Count;
                string title = DemoSettings.TitleOf(strength);
                var progress = new Reported<SamplingProgress>(p => stage.Report(before + p.Share(options.Batch) * options.Count, title));
                columns.Add(pipeline.Generate(options, progress, run.Cancel));
                attached?.Attachment.AssertUsed();
            }
        }
        catch (OperationCanceledException)
        {
            throw new StoppedException($"Stopped while drawing; the adapter is saved as {adapterPath}.");
        }
        finally
        {
            attached?.Dispose();
        }
        stage.Done();
        return columns;
    }
}
