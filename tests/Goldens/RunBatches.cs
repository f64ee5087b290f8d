using Lowrank.Testing;
using Lowrank.Training;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>The batches of a recorded run of TRL's trainers: <c>batches/SET/NUMBER/KEY</c>, of whichever keys its collator has.</summary>
sealed class RunBatches(GoldenCase c, string set, int count, int pad = 0) : ILanguageBatches
{
    readonly HashSet<string> names = [.. c.Group.Tensors.Tensors.Select(info => info.Name)];

    public int PerEpoch => count;

    public LanguageExamples this[long number] => Has(number, "chosen_input_ids") ? Sides(number) : new(Rows(number, ""))
    {
        Mismatched = Has(number, "KL_input_ids") ? Rows(number, "KL_") : null,
        Wanted = Has(number, "label") ? Read(number, "label").to(ScalarType.Bool) : null,
        Margins = Has(number, "margin") ? Read(number, "margin").to(ScalarType.Float32) : null,
    };

    public double CountedTokens(long number)
    {
        using var scope = NewDisposeScope();
        var labels = this[number].Rows.Labels;
        return labels.narrow(1, 1, labels.shape[1] - 1).ne(LanguageBatch.NotCounted).sum().ToDouble();
    }

    LanguageBatch Rows(long number, string side)
    {
        var ids = Read(number, side + "input_ids");
        var mask = Has(number, side + "attention_mask") ? Read(number, side + "attention_mask") : ones_like(ids);
        if (!Has(number, side + "position_ids")) return new(ids, mask, Labels(number, side, ids));
        var positions = Read(number, side + "position_ids");
        return new(ids, mask, Labels(number, side, ids), positions, positions.eq(0).cumsum(1));
    }

    Tensor Labels(long number, string side, Tensor ids)
    {
        if (Has(number, side + "labels")) return Read(number, side + "labels");
        if (!Has(number, side + "completion_mask")) return full_like(ids, LanguageBatch.NotCounted);
        return ids.masked_fill(Read(number, side + "completion_mask").eq(0), LanguageBatch.NotCounted);
    }

    // Two batches, each as long as its longest row.
    LanguageExamples Sides(long number)
    {
        var (chosen, rejected) = (Rows(number, "chosen_"), Rows(number, "rejected_"));
        long width = Math.Max(chosen.Ids.shape[1], rejected.Ids.shape[1]);
        Tensor Both(Tensor first, Tensor second, long filling) => cat([Filled(first, width, filling), Filled(second, width, filling)]);
        return new(new LanguageBatch(
            Both(chosen.Ids, rejected.Ids, pad), Both(chosen.Mask, rejected.Mask, 0), Both(chosen.Labels, rejected.Labels, LanguageBatch.NotCounted)));
    }

    static Tensor Filled(Tensor rows, long width, long filling) => nn.functional.pad(rows, [0, width - rows.shape[1]], value: filling);

    bool Has(long number, string key) => names.Contains($"batches/{set}/{number}/{key}");

    Tensor Read(long number, string key)
    {
        var read = c.Group.Tensors.Read($"batches/{set}/{number}/{key}");
        return read.is_floating_point() ? read : read.to(ScalarType.Int64);
    }
}
