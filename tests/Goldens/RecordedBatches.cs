using System.Text.Json;
using Lowrank.Testing;
using Lowrank.Training;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>Batches that a case has recorded: the tensors under a field of its inputs, the micro-batches first.</summary>
sealed class RecordedBatches(GoldenCase c, JsonElement named, int count, bool labelsAreTargets = false) : ILanguageBatches
{
    public int PerEpoch => count;

    /// <summary>Whether the recorded tensors are one batch, and have no axis of batches.</summary>
    public bool IsWhole { get; init; }

    public LanguageExamples this[long number]
    {
        get
        {
            var ids = Read("input_ids", number)!;
            var labels = Read("labels", number);
            var own = labelsAreTargets || labels is null ? full_like(ids, LanguageBatch.NotCounted) : labels;
            var rows = new LanguageBatch(ids, Read("attention_mask", number)!, own, Segments: Read("token_type_ids", number));
            return new(rows) { Targets = labelsAreTargets ? labels ?? Spans(number) : null };
        }
    }

    Tensor Spans(long number) => stack([Read("start_positions", number)!, Read("end_positions", number)!], 1);

    public double CountedTokens(long number)
    {
        using var scope = NewDisposeScope();
        var labels = Read("labels", number)!;
        if (labelsAreTargets) return labels.ne(LanguageBatch.NotCounted).sum().ToDouble();
        return labels.narrow(1, 1, labels.shape[1] - 1).ne(LanguageBatch.NotCounted).sum().ToDouble();
    }

    Tensor? Read(string field, long number)
    {
        if (!named.TryGetProperty(field, out var key)) return null;
        var read = c.Group.Tensors.Read(key.GetString()!);
        if (!IsWhole) read = read[number];
        return read.is_floating_point() ? read : read.to(ScalarType.Int64);
    }
}
