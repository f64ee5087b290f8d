using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Models.Tests;

/// <summary>A model lies where its storage says.</summary>
public class DeviceTests
{
    [Theory]
    [InlineData("sd1")]
    [InlineData("sdxl")]
    public void EveryPartLiesOnTheDeviceThatLoadingWasGiven(string name)
    {
        using var model = StableDiffusion.Load(Folders.Tiny(name), new Storage(Device: new Device(DeviceType.META)));
        nn.Module?[] parts = [model.UNet, model.Vae, model.TextEncoder, model.TextEncoder2];
        foreach (var (place, weight) in parts.OfType<nn.Module>().SelectMany(part => part.state_dict()))
            Assert.True(weight.device_type == DeviceType.META, place);
    }
}
