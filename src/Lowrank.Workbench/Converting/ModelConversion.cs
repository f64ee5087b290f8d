namespace Lowrank.Workbench;

/// <summary>Writes a base model in the other layout, or in its own anew.</summary>
static class ModelConversion
{
    /// <summary>Carries out a request whose input is a base model.</summary>
    /// <exception cref="RequestException">A dialect, or a dtype where the layout changes.</exception>
    public static ConvertingReport Run(ConvertingRequest request, JobRun run)
    {
        var (input, output) = (request.Input, request.Output);
        if (request.Dialect is not null) throw new RequestException($"{input} is a base model and has no dialect; leave out `to`.");
        if (Unused(request) is { Count: > 0 } unused)
            throw new RequestException($"{input} is a base model and no adapter; leave out {string.Join(", ", unused)}.");
        bool isOtherFile = Path.GetExtension(output) is ".ckpt" or ".pt" or ".bin";
        if (isOtherFile) OutputPlace.CheckEnding(output);
        bool fromFile = File.Exists(input), toFile = Path.GetExtension(output) == ".safetensors";
        bool keepsLayout = fromFile == toFile;
        if (request.Dtype is not null && !keepsLayout)
            throw new RequestException("`dtype` works where the layout stays, folder to folder or file to file. Convert in two steps.");

        var (from, to) = (Layout(fromFile), Layout(toFile));
        var stage = run.BeginPercent($"converting to a {to}");
        var report = keepsLayout
            ? Rewritten(request, from, stage.ReportShare, run.Cancel)
            : Converted(request, from, to, stage.ReportShare, run.Cancel);
        stage.Done();
        return report;
    }

    // What is asked for and means something for adapters alone.
    static List<string> Unused(ConvertingRequest request)
    {
        var unused = new List<string>();
        if (request.LeaveOut.Count > 0) unused.Add("`leave out`");
        if (request.OptionalLevels) unused.Add("`text model`");
        if (request.Base.Path is not null) unused.Add("`base model`");
        return unused;
    }

    static ConvertingReport Rewritten(ConvertingRequest request, string layout, Action<long, long> progress, CancellationToken cancel)
    {
        using var model = ModelKinds.Outline(request.Input, request.Base.Options);
        var unchanged = new WeightEdit(_ => false, (_, own) => own);
        TensorDtype? dtype = request.Dtype is { } asked ? TensorDtypes.Of(asked) : null;
        var options = new RewriteOptions { Dtype = dtype, Overwrite = request.Overwrite, Progress = progress };
        var written = ModelRewriting.Rewrite(model, request.Output, unchanged, options, cancel);
        return new("base model", layout, layout, request.Input, request.Output, null, written.Tensors, written.Bytes,
            [.. written.Notes, .. UnusedBase(request, model)]);
    }

    static ConvertingReport Converted(
        ConvertingRequest request, string from, string to, Action<long, long> progress, CancellationToken cancel)
    {
        var (input, output) = (request.Input, request.Output);
        ConversionReport written;
        if (to == "file")
        {
            OutputPlace.CheckFile(output, request.Overwrite, input);
            written = CheckpointConversion.ToFile(input, output, request.Overwrite, progress, cancel);
        }
        else
        {
            OutputPlace.CheckFolder(output, input);
            written = CheckpointConversion.ToFolder(input, output, request.Base.Options, progress, cancel);
        }
        List<string> notes = [.. written.Notes, .. UnusedBase(request, null)];
        if (written.Unused is [var first, ..])
            notes.Add($"{written.Unused.Count} keys have no place in the new layout and were left out, such as {first}.");
        return new("base model", from, to, input, output, null, written.Tensors, written.Bytes, notes);
    }

    // The options are of the input, which is the base model here.
    static IEnumerable<string> UnusedBase(ConvertingRequest request, ModelOutline? model) =>
        (request.Base with { Path = request.Input }).Unused(model, leftOut: false);

    static string Layout(bool isFile) => isFile ? "file" : "folder";
}
