using System.Globalization;

namespace Lowrank.Torch;

/// <summary>Which devices this build of libtorch can use, and which of them this machine has.</summary>
/// <param name="UsesCuda">Whether libtorch was built for NVIDIA's GPUs.</param>
/// <param name="CudaDevices">How many of them it sees.</param>
/// <param name="UsesMps">Whether it was built for Apple's.</param>
/// <param name="HasMps">Whether it sees one.</param>
sealed record AvailableDevices(bool UsesCuda, int CudaDevices, bool UsesMps, bool HasMps)
{
    const string CudaName = "cuda", MpsName = "mps", CpuName = "cpu", AutomaticName = "auto";

    static readonly Lazy<AvailableDevices> here = new(Look);

    /// <summary>Those of this program on this machine.</summary>
    public static AvailableDevices Here => here.Value;

    static Device FirstCuda => new(DeviceType.CUDA, 0);

    /// <summary>The device that "auto" takes.</summary>
    public DeviceChoice Automatic => this switch
    {
        { CudaDevices: 1 } => new(FirstCuda, "this machine has a CUDA device"),
        { CudaDevices: > 1 } => new(FirstCuda, $"this machine has {CudaDevices} CUDA devices, of which it is the first"),
        { HasMps: true } => new(new Device(DeviceType.MPS), "this Mac has a GPU that libtorch computes on"),
        { UsesCuda: true } => new(CPU, "libtorch is CUDA's, and sees no NVIDIA GPU on this machine"),
        { UsesMps: true } => new(CPU, "libtorch sees no GPU on this Mac"),
        _ => new(CPU, "libtorch is the CPU's in this build"),
    };

    /// <summary>See <see cref="Devices.Names"/>.</summary>
    public static IReadOnlyList<string> Names => [AutomaticName, CpuName, CudaName, MpsName];

    /// <summary>See <see cref="Devices.Spelled"/>.</summary>
    public static string Spelled(string name)
    {
        string word = WordOf(name);
        bool isKnown = Names.Contains(word) || CudaIndex(word) is not null;
        return isKnown ? word : throw new LowrankException(
            $"device is \"{name}\", and devices are {CpuName}, {CudaName}, {CudaName}:1 (the second one), {MpsName} and {AutomaticName}");
    }

    /// <summary>Whether a text names the processor, which is always there.</summary>
    public static bool IsCpu(string text) => WordOf(text) == CpuName;

    static string WordOf(string name) => name.Trim().ToLowerInvariant();

    /// <summary>See <see cref="Devices.Named"/>.</summary>
    public Device Named(string name)
    {
        string word = Spelled(name);
        if (word == AutomaticName) return Automatic.Device;
        if (word == CpuName) return CPU;
        if (word == MpsName) return Mps();
        return Cuda(word, CudaIndex(word)!.Value);
    }

    Device Mps()
    {
        if (!UsesMps)
            throw new LowrankException($"device is {MpsName}, which libtorch can use in its build for Macs with Apple's processors alone");
        return HasMps ? new Device(DeviceType.MPS) : throw new LowrankException(
            $"device is {MpsName}, and libtorch sees no GPU on this Mac. Is its macOS older than 12.3?");
    }

    Device Cuda(string word, int index)
    {
        if (!UsesCuda)
            throw new LowrankException($"device is {word}, and libtorch is the CPU's in this build. Start with LOWRANK_TORCH=cuda in the " +
                "environment to build with CUDA's, or reference a package libtorch-cuda-* in place of libtorch-cpu-*");
        if (CudaDevices == 0)
            throw new LowrankException($"device is {word}, and libtorch sees no NVIDIA GPU on this machine. " +
                "Does nvidia-smi list one, with a driver for CUDA 12.8 or later?");
        if (index >= CudaDevices)
            throw new LowrankException($"device is {word}, and the last CUDA device of this machine is {CudaName}:{CudaDevices - 1}");
        return new Device(DeviceType.CUDA, index);
    }

    // "cuda" is the first one.
    static int? CudaIndex(string word)
    {
        if (word == CudaName) return 0;
        string digits = word.StartsWith(CudaName + ":", StringComparison.Ordinal) ? word[(CudaName.Length + 1)..] : "";
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : null;
    }

    static AvailableDevices Look()
    {
        int cudaDevices = cuda.is_available() ? cuda.device_count() : 0;
        bool usesCuda = cudaDevices > 0 || HasLibrary(OperatingSystem.IsWindows() ? "torch_cuda.dll" : "libtorch_cuda.so");
        return new(usesCuda, cudaDevices, OperatingSystem.IsMacOS(), mps_is_available());
    }

    // libtorch itself does not say for what it was built, and TorchSharp asks it for devices alone.
    static bool HasLibrary(string name)
    {
        string listed = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        var folders = listed.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Append(AppContext.BaseDirectory);
        var everywhere = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        return folders.Any(folder => File.Exists(Path.Combine(folder, name)))
            || Directory.EnumerateFiles(AppContext.BaseDirectory, name, everywhere).Any();
    }
}
