namespace Lowrank.Workbench;

/// <summary>Writes an adapter in another dialect, or a base model in the other layout.</summary>
public sealed class ConvertingJob : Job<ConvertingRequest, ConvertingReport>
{
    /// <inheritdoc/>
    protected override ConvertingReport Work(ConvertingRequest request, JobRun run)
    {
        if (BaseModelInspection.Recognizes(request.Input)) return ModelConversion.Run(request, run);
        var output = new AdapterOutput(request.Output, request.Dialect, request.Dtype, request.Overwrite)
        {
            OptionalLevels = request.OptionalLevels,
        }.For(request.Input);
        output.Check([request.Input, .. request.Base.Places]);
        var stage = run.Begin("converting");
        using var model = request.Base.Open(request.Input);
        using var read = AdapterInput.Read(request.Input, model, request.Base.AllowUnmatched);
        var kept = LeftOutLayers.Without(read.Adapter, model.Describe(), request.LeaveOut);
        var written = output.Write(kept, model, read.Dtype);
        stage.Done();
        return new("adapter", read.Adapter.Dialect!, written.Dialect, request.Input, written.Path,
            kept.Targets.Values.CountMostFirst(target => target.Method.Name), written.Tensors, written.Bytes,
            [
                .. read.NotesFor(request.Dtype), .. kept.Notes.Except(read.Adapter.Notes), .. written.Notes,
                .. request.Base.Unused(model, read.Adapter.PassedOver.Count > 0),
                .. DroppedDropouts.Notes([kept], written.Path), .. ReaderFacts.Warnings(AdapterKinds.Of(kept), written.Dialect),
            ])
        {
            PassedOver = read.Adapter.PassedOver,
        };
    }
}
