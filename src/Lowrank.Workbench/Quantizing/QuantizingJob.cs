using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>Writes a language model in other bits: a GGUF file of any kind, or a folder as bitsandbytes keeps it.</summary>
public sealed class QuantizingJob : Job<QuantizingRequest, QuantizingReport>
{
    /// <inheritdoc/>
    protected override QuantizingReport Work(QuantizingRequest request, JobRun run)
    {
        GivenModels.Check(request.Input);
        var stage = run.Begin("quantising");
        try
        {
            var report = request.Folder is { } parts ? ToFolder(request, parts, run.Cancel) : ToFile(request, run.Cancel);
            stage.Done();
            return report;
        }
        catch (OperationCanceledException) when (run.Cancel.IsCancellationRequested)
        {
            throw new StoppedException($"Stopped; {request.Output} is not written.");
        }
    }

    static QuantizingReport ToFolder(QuantizingRequest request, BitsAndBytesParts parts, CancellationToken cancel)
    {
        if (File.Exists(request.Input))
            throw new LowrankException($"{request.Input} is a file, and a folder of bitsandbytes is made of a folder. Give the model's " +
                "own.");
        QuantizedFolder.Write(request.Input, request.Output, parts, cancel);
        using var before = WeightFiles.Open(request.Input, "model");
        using var after = WeightFiles.Open(request.Output, "model");
        return Report(request, before, after, []);
    }

    static QuantizingReport ToFile(QuantizingRequest request, CancellationToken cancel)
    {
        var kind = QuantizedFileType.Named(request.Type);
        OutputPlace.CheckFile(request.Output, request.Overwrite, request.Input);
        var options = new QuantizationOptions { Pure = request.Pure, AllowsRequantizing = request.Requantize };
        if (Directory.Exists(request.Input))
        {
            var notes = GgufModels.Write(request.Input, request.Output, kind, options, request.Overwrite, cancel);
            using var outline = GgufOutline.Open(request.Input);
            using var weights = WeightFiles.Open(request.Input, "model");
            return ReportOfFile(request, kind, weights, outline.FewBits, notes);
        }
        var opened = Containers.Open(request.Input);
        if (opened is not GgufFile file)
        {
            opened.Dispose();
            throw new LowrankException($"{request.Input} is {opened.Container}, a file of weights alone. Give the folder that has its " +
                "config.json too, or a GGUF file.");
        }
        using (file) Quantize(file, request, kind, options, cancel);
        using var source = Gguf.Open(request.Input);
        var rounded = source.Tensors.Select(info => info.Dtype).Where(dtype => BlockFormats.Of(dtype) is { IsQuantized: true });
        string bits = string.Join(", ", rounded.Select(dtype => dtype.Name).Distinct());
        return ReportOfFile(request, kind, source, bits.Length > 0 ? bits : null, []);
    }

    static QuantizingReport ReportOfFile(
        QuantizingRequest request, QuantizedFileType kind, ITensorFile before, string? bits, IReadOnlyList<string> notes)
    {
        using var written = Gguf.Open(request.Output);
        return Report(request, before, written, [.. notes, .. QuantizingNotes.Of(request, kind, written, bits)]);
    }

    static void Quantize(
        GgufFile file, QuantizingRequest request, QuantizedFileType kind, QuantizationOptions options, CancellationToken cancel)
    {
        try
        {
            GgufQuantizer.Quantize(file, request.Output, kind, options, request.Overwrite, cancel);
        }
        catch (LowrankException error) when (!error.Message.Contains(request.Input, StringComparison.Ordinal))
        {
            throw new LowrankException($"{request.Input}: {error.Message}", error);
        }
    }

    static QuantizingReport Report(QuantizingRequest request, ITensorFile before, ITensorFile after, IReadOnlyList<string> notes) =>
        new(request.Input, request.Output, request.Type.ToLowerInvariant(), SizeOf(before), SizeOf(after),
            after.Tensors.CountMostFirst(info => info.Dtype.Name), notes);

    // Of a GGUF file the tokenizer counts too, which may be much of it.
    static long SizeOf(ITensorFile file) => file.Files.Sum(path => new FileInfo(path).Length);
}
