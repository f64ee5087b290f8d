namespace Lowrank.Workbench;

/// <summary>Writes an adapter in another dialect, or a base model in the other layout.</summary>
public sealed class ConvertingJob : Job<ConvertingRequest, ConvertingReport>
{
    /// <inheritdoc/>
    protected override ConvertingReport Work(ConvertingRequest request, JobRun run)
    {
        if (BaseModelInspection.Recognizes(request.Input)) return ModelConversion.Run(request, run);
        if (request.Dialect is not { } dialect) throw new RequestException("Into which dialect? Give --to DIALECT.");
        var output = new AdapterOutput(request.Output, dialect, request.Dtype, request.Overwrite);
        output.Check(request.Input);
        var stage = run.Begin("converting");
        using var model = request.Base.Open(request.Input);
        using var read = AdapterInput.Read(request.Input, model, request.Base.AllowUnmatched);
        var written = output.Write(read.Adapter, model, read.Dtype);
        stage.Done();
        return new("adapter", read.Adapter.Dialect!, written.Dialect, request.Input, written.Path,
            MethodsOf(read.Adapter), written.Tensors, written.Bytes, read.Adapter.Notes);
    }

    // Layers by method, most first.
    static Dictionary<string, int> MethodsOf(Adapter adapter) =>
        adapter.Targets.Values.CountBy(r => r.Method.Name).OrderByDescending(pair => pair.Value).ToDictionary();
}
