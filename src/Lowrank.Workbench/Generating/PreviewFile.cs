namespace Lowrank.Workbench;

/// <summary>
/// A file that shows the pictures at work as they would be now, renewed every few steps; gone when they are saved. The pictures of a batch
/// stand side by side.
/// </summary>
/// <remarks>One that a call left that was killed is told, and taken over where another is to be drawn.</remarks>
sealed class PreviewFile : IDisposable
{
    const string Name = "lowrank-preview.png", Ending = ".preview.png";

    // What the file's text says, so that it is told from a picture of somebody's own.
    const string Mark = "preview of Lowrank, not finished";

    readonly string path;
    readonly LatentSketch sketch;
    readonly JobRun run;
    readonly bool isLeft;
    bool isTold;

    /// <summary>Prepares how they are drawn.</summary>
    /// <exception cref="LowrankException">The small autoencoder is missing or does not fit; another picture is in the way.</exception>
    public PreviewFile(GeneratingRequest request, StableDiffusion model, Device device, JobRun run)
    {
        this.run = run;
        path = PathOf(request);
        isLeft = File.Exists(path);
        if (isLeft && !IsPreview(path))
            throw new LowrankException(
                $"{path} is where previews are shown, and something else is there. Move it, or leave `preview` out.");
        sketch = request.PreviewModel is { } small ? Tiny(small, model, device) : Linear(model, device);
        Preview = new(request.PreviewEvery, sketch, Write);
    }

    /// <summary>What the pipeline is given.</summary>
    public PicturePreview Preview { get; }

    static string PathOf(GeneratingRequest request) =>
        request.IntoFile ? Path.ChangeExtension(request.Output, Ending) : Path.Combine(request.Output, Name);

    /// <summary>Tells of a preview that lies where a request's would: of a call that was killed, or of one at work.</summary>
    public static void TellLeft(GeneratingRequest request, JobRun run)
    {
        string path = PathOf(request);
        if (!File.Exists(path) || !IsPreview(path)) return;
        run.Say(request.PreviewEvery > 0
            ? $"{path} is left of a call that did not end, and is taken over"
            : $"{path} shows a picture that is not finished: another call is at work, or was killed. In that case delete it");
    }

    static bool IsPreview(string path)
    {
        try
        {
            return PictureFile.ReadInfoText(path) == Mark;
        }
        catch (LowrankException)
        {
            return false;
        }
    }

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
        PictureFile.Save(path, shown, Mark);
        if (isTold) return;
        isTold = true;
        run.Say($"{path} shows what is at work, drawn by {sketch.About}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        sketch.Dispose();
        if (isTold || isLeft) File.Delete(path);
    }
}
