namespace Lowrank.Workbench;

/// <summary>What of a quantised GGUF file is other than its kind's name says, and which wishes changed nothing.</summary>
static class QuantizingNotes
{
    /// <summary>A sentence on each.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="kind">The kind of file.</param>
    /// <param name="written">What was written.</param>
    /// <param name="before">What the input calls its rounding; null where it has none.</param>
    public static IEnumerable<string> Of(QuantizingRequest request, QuantizedFileType kind, GgufFile written, string? before)
    {
        bool rounds = BlockFormats.Of(kind.Most) is { IsQuantized: true }, isAgain = rounds && before is not null;
        if (isAgain) yield return $"The matrices of {request.Input} are rounded already ({before}) " +
            "and are rounded again: both errors count.";
        if (request.Requantize && !isAgain)
            yield return rounds
                ? $"`requantize` was not needed: {request.Input} is not rounded yet."
                : $"`requantize` was not needed: {kind} holds floats, and that matrices become floats is never refused.";
        if (request.Pure && IsWithoutMixture(kind, written)) yield return $"`pure` changed nothing: {kind} of this model has no mixture.";
        if (!rounds) yield break;
        if (OfOtherRows(kind, written) is { } others) yield return others;
        bool isNone = written.Tensors.All(info => info.Dtype != kind.Most);
        if (isNone)
            yield return $"No tensor is {kind.Most}, whatever the kind {kind} is called: {WhyNone(kind)}. So llama.cpp writes it too.";
    }

    static string WhyNone(QuantizedFileType kind) => kind.Most == BlockFormats.MXFP4.Dtype
        ? "its mixture gives that type to experts that lie in one tensor, of which there are none"
        : $"no rows are of a multiple of {kind.Most.Block.Elements} values";

    // Another type takes the place where a block is longer than rows, or does not divide them.
    static string? OfOtherRows(QuantizedFileType kind, GgufFile written)
    {
        var others = written.Tensors.Where(info => IsMatrix(info) && !kind.Most.Block.Fills(info.Shape)).ToList();
        if (others.Count == 0) return null;
        string types = string.Join(" and ", others.Select(info => info.Dtype.Name).Distinct());
        return $"{Listing.Count(others.Count, "matrix is", "matrices are")} {types} in place of {kind.Most}, such as {others[0].Name} " +
            $"with rows of {others[0].Shape[^1]}: a block of {kind.Most} holds {kind.Most.Block.Elements} values. So llama.cpp writes it " +
            "too.";
    }

    // Norms, routers and positions are floats of 32 bits in every file.
    static bool IsMatrix(TensorInfo info) => info.Shape.Length > 1 && info.Dtype != TensorDtype.F32;

    static bool IsWithoutMixture(QuantizedFileType kind, GgufFile written)
    {
        var model = QuantizedModel.Of(written.Entries);
        TensorInfo[] floats = [.. QuantizationPlan.Ordered(written.Tensors).Select(info => info with { Dtype = TensorDtype.F32 })];
        var pure = QuantizationPlan.Types(kind, model, floats, new() { Pure = true });
        return QuantizationPlan.Types(kind, model, floats).SequenceEqual(pure);
    }
}
