using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Models;

namespace Lowrank.Cli;

/// <summary>Carries out <c>lowrank convert</c>.</summary>
static class Conversion
{
    /// <summary>Writes an adapter in another dialect.</summary>
    public static ConvertReport OfAdapter(string input, AdapterOutput output, BaseRequest request, ProgressBars bars)
    {
        output.Check(input);
        var bar = bars.Add("converting");
        using var model = request.Open(input);
        using var read = AdapterInput.Read(input, model, request.AllowUnmatched);
        var written = output.Write(read.Adapter, model, read.Dtype);
        bar.Done();
        return new("adapter", read.Adapter.Dialect!, written.Dialect, input, written.Path, MethodsOf(read.Adapter), written.Tensors, written.Bytes, read.Adapter.Notes);
    }

    /// <summary>Writes a base model in the other layout, or in its own anew.</summary>
    public static ConvertReport OfModel(string input, string output, TensorDtype? dtype, bool overwrite, CheckpointOptions options, ProgressBars bars, CancellationToken cancel)
    {
        bool fromFile = File.Exists(input), toFile = Path.GetExtension(output) == ".safetensors";
        if (!toFile && Path.GetExtension(output) is ".ckpt" or ".pt" or ".bin") throw new LowrankException($"{output} does not end in .safetensors, which is what is written.");
        var (from, to) = (fromFile ? "file" : "folder", toFile ? "file" : "folder");
        var bar = bars.Add($"converting to a {to}", 100);
        Action<long, long> progress = (done, all) => bar.Report(100.0 * done / Math.Max(all, 1));
        if (fromFile == toFile)
        {
            using var model = ModelKinds.Outline(input, options);
            var rewritten = ModelRewriting.Rewrite(model, output, new WeightEdit(_ => false, (_, own) => own), new RewriteOptions { Dtype = dtype, Overwrite = overwrite, Progress = progress }, cancel);
            bar.Done();
            return new("base model", from, to, input, output, null, rewritten.Tensors, rewritten.Bytes, rewritten.Notes);
        }
        if (dtype is not null) throw new UsageException("--dtype works where the layout stays, folder to folder or file to file. Convert in two steps.");
        if (toFile) OutputPlace.CheckFile(output, overwrite, input);
        else OutputPlace.CheckFolder(output, input);
        var done = toFile ? CheckpointConversion.ToFile(input, output, overwrite, progress, cancel) : CheckpointConversion.ToFolder(input, output, options, progress, cancel);
        bar.Done();
        return new("base model", from, to, input, output, null, done.Tensors, done.Bytes,
            [.. done.Notes, .. done.Unused.Count > 0 ? [$"{done.Unused.Count} keys have no place in the new layout and were left out, such as {done.Unused[0]}."] : (string[])[]]);
    }

    /// <summary>Layers by method, most first.</summary>
    public static IReadOnlyDictionary<string, int> MethodsOf(Adapter adapter) =>
        adapter.Targets.Values.CountBy(r => r.Method.Name).OrderByDescending(pair => pair.Value).ToDictionary();
}
