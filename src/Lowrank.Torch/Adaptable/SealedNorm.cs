namespace Lowrank.Torch;

/// <summary>How one of TorchSharp's own norms runs with another scale and shift than its own.</summary>
/// <param name="Module">The norm.</param>
/// <param name="Weight">Its scale, one number for each channel.</param>
/// <param name="Bias">Its shift.</param>
/// <param name="Run">Its answer to an input with a scale and a shift; running statistics stay as they are.</param>
sealed record SealedNorm(
    nn.Module<Tensor, Tensor> Module, Func<Parameter> Weight, Func<Parameter?> Bias, Func<Tensor, Tensor, Tensor?, Tensor> Run)
{
    /// <summary>The norm that a module is; null if it is none, or has no scale or one of several axes.</summary>
    public static SealedNorm? Of(nn.Module module) => module switch
    {
        TorchSharp.Modules.LayerNorm { elementwise_affine: true, normalized_shape.Length: 1 } layer =>
            new(layer, () => layer.weight!, () => layer.bias,
                (x, w, b) => nn.functional.layer_norm(x, layer.normalized_shape, w, b, layer.eps)),
        TorchSharp.Modules.GroupNorm { affine: true } group =>
            new(group, () => group.weight!, () => group.bias, (x, w, b) => nn.functional.group_norm(x, group.num_groups, w, b, group.eps)),
        TorchSharp.Modules.BatchNorm { affine: true } batch =>
            new(batch, () => batch.weight!, () => batch.bias, (x, w, b) => Normalized(batch, x, w, b)),
        TorchSharp.Modules.InstanceNorm { affine: true } instance =>
            new(instance, () => instance.weight!, () => instance.bias, (x, w, b) => Normalized(instance, x, w, b)),
        _ => null,
    };

    // The layer itself has counted the batch already: without running statistics at hand, libtorch takes the batch's and notes nothing.
    static Tensor Normalized(TorchSharp.Modules.BatchNorm norm, Tensor x, Tensor weight, Tensor? bias)
    {
        bool ofBatch = norm.training || norm.running_mean is null;
        var (mean, variance) = ofBatch ? (null, null) : (norm.running_mean, norm.running_var);
        return nn.functional.batch_norm(x, mean!, variance!, weight, bias!, ofBatch, 0, norm.eps);
    }

    static Tensor Normalized(TorchSharp.Modules.InstanceNorm norm, Tensor x, Tensor weight, Tensor? bias)
    {
        bool ofInput = norm.training || norm.running_mean is null;
        var (mean, variance) = ofInput ? (null, null) : (norm.running_mean, norm.running_var);
        return nn.functional.instance_norm(x, mean!, variance!, weight, bias!, ofInput, 0, norm.eps);
    }
}
