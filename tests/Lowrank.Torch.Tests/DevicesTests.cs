namespace Lowrank.Torch.Tests;

/// <summary>A device is found by its name, and what is missing is told apart: the word, the build, the machine.</summary>
public class DevicesTests
{
    static readonly AvailableDevices cpuBuild = new(UsesCuda: false, CudaDevices: 0, UsesMps: false, HasMps: false);
    static readonly AvailableDevices cudaBuild = cpuBuild with { UsesCuda = true };
    static readonly AvailableDevices twoGpus = cudaBuild with { CudaDevices = 2 };
    static readonly AvailableDevices macBuild = cpuBuild with { UsesMps = true };

    [Fact]
    public void TheProcessorIsAlwaysThere()
    {
        Assert.Equal(DeviceType.CPU, Devices.Named("cpu").type);
        Assert.Equal(DeviceType.CPU, Devices.Named(" CPU ").type);
    }

    [Fact]
    public void AnUnknownWordIsToldTheKnownOnes()
    {
        foreach (string word in new[] { "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda1", "" })
        {
            string message = Assert.Throws<LowrankException>(() => twoGpus.Named(word)).Message;
            Assert.StartsWith($"device is \"{word}\", and devices are cpu, cuda, cuda:1", message);
        }
    }

    [Fact]
    public void ABuildThatCannotUseADeviceSaysHowToMakeOneThatCan()
    {
        Assert.Contains("LOWRANK_TORCH=cuda", Assert.Throws<LowrankException>(() => cpuBuild.Named("cuda:1")).Message);
        Assert.Contains("Macs", Assert.Throws<LowrankException>(() => cpuBuild.Named("mps")).Message);
    }

    [Fact]
    public void AMachineWithoutTheDeviceSaysWhatToLookAt()
    {
        Assert.Contains("nvidia-smi", Assert.Throws<LowrankException>(() => cudaBuild.Named("cuda")).Message);
        Assert.EndsWith("is cuda:1", Assert.Throws<LowrankException>(() => twoGpus.Named("cuda:2")).Message);
        Assert.Contains("macOS", Assert.Throws<LowrankException>(() => macBuild.Named("mps")).Message);
    }

    [Fact]
    public void DevicesThatAreThereAreTaken()
    {
        Assert.Equal("cuda:1", twoGpus.Named("cuda:1").ToString());
        Assert.Equal(0, twoGpus.Named("cuda").index);
        Assert.Equal(DeviceType.MPS, (macBuild with { HasMps = true }).Named("mps").type);
    }

    [Fact]
    public void TheFastestDeviceIsTakenWithItsReason()
    {
        Assert.Equal((DeviceType.CUDA, true), (twoGpus.Automatic.Device.type, twoGpus.Automatic.Reason.Contains("2 CUDA devices")));
        Assert.Equal(DeviceType.MPS, (macBuild with { HasMps = true }).Automatic.Device.type);
        foreach (var lacking in new[] { cpuBuild, cudaBuild, macBuild })
            Assert.Equal(DeviceType.CPU, lacking.Automatic.Device.type);
        Assert.Contains("sees no NVIDIA GPU", cudaBuild.Automatic.Reason);
    }

    [Fact]
    public void ThisProgramKnowsItsOwnDevices()
    {
        using var scope = NewDisposeScope();
        var (device, reason) = Devices.Automatic;
        Assert.Equal(Devices.Named("auto").type, device.type);
        Assert.NotEmpty(reason);
        Assert.Equal(4, ones(4, device: device).sum().ToDouble());
        if (!AvailableDevices.Here.UsesCuda) Assert.Throws<LowrankException>(() => Devices.Named("cuda"));
    }
}
