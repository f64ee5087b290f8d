namespace Lowrank.Bench;

/// <summary>
/// What PEFT's <c>lora.Linear.forward</c> computes (huggingface/peft src/peft/tuners/lora/layer.py, 0.21), on the same libtorch.
/// </summary>
/// <param name="down">A, float32.</param>
/// <param name="up">B, float32.</param>
/// <param name="scaling">alpha/rank.</param>
/// <param name="autocast">Whether it runs under torch.autocast(bfloat16): PEFT still casts the input to A's float32, and
/// autocast casts input, A and B back for the two products.</param>
sealed class PeftHost(Tensor down, Tensor up, double scaling, bool autocast) : IAdapterHost
{
    static Tensor Product(Tensor x, Tensor down, Tensor up) => nn.functional.linear(nn.functional.linear(x, down), up);

    public Tensor Forward(Tensor x, IAdaptable layer)
    {
        var result = layer.Run(x);
        var input = x.to(ScalarType.Float32);
        var branch = autocast
            ? Product(input.to(ScalarType.BFloat16), down.to(ScalarType.BFloat16), up.to(ScalarType.BFloat16))
            : Product(input, down, up);
        return (result + branch * scaling).to(result.dtype);
    }
}
