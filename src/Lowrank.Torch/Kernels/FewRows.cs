namespace Lowrank.Torch;

/// <summary>What the kernels of one token's work ask of their tensors.</summary>
static class FewRows
{
    /// <summary>Of more numbers libtorch's own operators make norms and turns.</summary>
    public const long MostNumbers = 32 << 10;

    /// <summary>Whether a tensor lies in one piece on the CPU, in float32 or bfloat16; true where there is none.</summary>
    public static bool IsPlain(Tensor? tensor)
    {
        if (tensor is null) return true;
        return tensor.dtype is ScalarType.Float32 or ScalarType.BFloat16 && tensor.device_type == DeviceType.CPU && tensor.is_contiguous();
    }

    /// <summary>Whether what is made of them is recorded for a way back.</summary>
    public static bool AreRecorded(Tensor one, Tensor? second = null, Tensor? third = null) =>
        is_grad_enabled() && (one.requires_grad || second?.requires_grad == true || third?.requires_grad == true);
}
