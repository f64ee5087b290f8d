namespace Lowrank.Workbench;

/// <summary>
/// A file that shows the pictures at work as they would be now, renewed every few steps; gone when they are saved. The pictures of a batch
/// stand side by side.
/// </summary>
sealed class PreviewFile : IDisposable
{
    const string Name = "lowrank-preview.png", Ending = ".preview.png";

    readonly string path;
    readonly LatentSketch sketch;
    readonly JobRun run;
    bool isTold;

    /// <summary>Prepares how they are drawn.</summary>
    /// <exception cref="LowrankException">The small autoencoder is missing, or does not fit.</exception>
    public PreviewFile(GeneratingRequest request, StableDiffusion model, Device device, JobRun run)
    {
        this.run = run;
        path = request.IntoFile ? Path.ChangeExtension(request.Output, Ending) : Path.Combine(request.Output, Name);
        sketch = request.PreviewModel is { } small ? Tiny(small, model, device) : Linear(model, device);
        Preview = new(request.PreviewEvery, sketch, Write);
    }

    /// <summary>What the pipeline is given.</summary>
    public PicturePreview Preview { get; }

    static TinySketch Tiny(string path, StableDiffusion model, Device device)
    {
        var small = AutoencoderTinyFile.Load(path, new Storage(ScalarType.Float32, device));
        if (VaeFile.Fits(small, model)) return new(small);
        small.Dispose();
        throw VaeFile.Unfit(path, model);
    }

    static LinearSketch Linear(StableDiffusion model, Device device)
    {
        var codec = new TextToImage(model, Precision.Float32, device);
        return LinearSketch.Fit(codec.Decode, model.VaeConfig.LatentChannels, model.VaeConfig.Factor);
    }

    void Write(int step, IReadOnlyList<Picture> pictures)
    {
        var shown = pictures.Count == 1 ? pictures[0] : PictureGrid.Compose([pictures]);
        PictureFile.Save(path, shown);
        if (isTold) return;
        isTold = true;
        run.Say($"{path} shows what is at work, drawn by {sketch.About}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        sketch.Dispose();
        if (isTold) File.Delete(path);
    }
}
