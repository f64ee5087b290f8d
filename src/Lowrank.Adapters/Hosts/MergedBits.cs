namespace Lowrank.Adapters;

/// <summary>What a layer had before something was merged into it, and what merging wrote in its place.</summary>
sealed class MergedBits(IAdaptable layer)
{
    IFormerWeight? weight;
    Tensor? bias;
    WrittenValues? weightWritten, biasWritten;

    /// <summary>Exchanges weight and bias for merged ones, and keeps the original bits.</summary>
    /// <param name="merged">What stands for them; null for what stays as it is.</param>
    public void Take((Tensor? Weight, Tensor? Bias) merged)
    {
        using var grad = no_grad();
        if (merged.Bias is { } newBias)
        {
            var before = layer.Bias!.detach().clone();
            layer.SetBias(newBias.to(layer.Bias.dtype));
            bias = before.DetachFromDisposeScope();
        }
        if (merged.Weight is { } newWeight) weight = layer.Weight.Replace(newWeight);
    }

    /// <summary>Remembers what merging wrote, once all layers have it.</summary>
    public void Remember()
    {
        weightWritten = weight is null ? null : WrittenValues.Of(layer.Weight);
        biasWritten = bias is null ? null : WrittenValues.Of(layer.Bias!);
    }

    /// <summary>Whether somebody wrote into weight or bias since merging did.</summary>
    public bool AreEdited =>
        weightWritten?.StillStand(WrittenValues.Of(layer.Weight)) == false
        || biasWritten?.StillStand(WrittenValues.Of(layer.Bias!)) == false;

    /// <summary>Gives the layer its very bits back; it never subtracts.</summary>
    public void GiveBack()
    {
        weight?.Restore();
        if (bias is not null)
        {
            using var scope = NewDisposeScope();
            layer.SetBias(bias.to(layer.Bias!.dtype));
        }
        LetGo();
    }

    /// <summary>Keeps nothing more: what stands in the layer stays there.</summary>
    public void LetGo()
    {
        weight?.Dispose();
        weight = null;
        bias?.Dispose();
        bias = null;
        weightWritten = biasWritten = null;
    }
}
