namespace Lowrank.Workbench;

/// <summary>Says why a device is taken where none is named.</summary>
static class DeviceReason
{
    /// <summary>How the build is told to take CUDA's libtorch.</summary>
    public const string HowToCuda = "LOWRANK_TORCH=cuda ./lowrank ... (LOWRANK_TORCH=cuda ./test) builds with CUDA's libtorch";

    /// <summary>The reason, in a sentence.</summary>
    /// <param name="device">The kind of device that is taken.</param>
    /// <param name="libTorch">libtorch's package.</param>
    public static string Of(DeviceType device, string libTorch)
    {
        if (device == DeviceType.CUDA) return "libtorch sees an NVIDIA GPU";
        if (device == DeviceType.MPS) return "libtorch sees an Apple GPU";
        return IsCudaBuild(libTorch) ? "this build has CUDA's libtorch, which sees no NVIDIA GPU" : "this build has the CPU's libtorch, which sees no other";
    }

    /// <summary>Whether libtorch's package is one of CUDA's.</summary>
    public static bool IsCudaBuild(string libTorch) => libTorch.Contains("cuda", StringComparison.Ordinal);
}
