using System.Text.Json;
using Lowrank.Diffusion;
using Lowrank.Testing;

namespace Goldens;

/// <summary>Tags that AUTOMATIC1111 takes out of prompts, and the adapters that they name.</summary>
static class A1111TagNames
{
    public static void Tags(GoldenCase c)
    {
        var want = c["result"];
        var got = PromptTags.Read(c["text"].GetString()!);
        Assert.Equal(want.GetProperty("prompt").GetString(), got.Prompt);
        var kinds = want.GetProperty("tags").EnumerateObject();
        Assert.Equal(
            kinds.SelectMany(kind => kind.Value.EnumerateArray().Select(items => (kind.Name, string.Join(':', items.EnumerateArray().Select(item => item.GetString()))))),
            got.Tags.GroupBy(tag => tag.Kind).SelectMany(kind => kind).Select(tag => (tag.Kind, string.Join(':', tag.Items))));
        var networks = want.GetProperty("networks");
        if (networks.ValueKind == JsonValueKind.Null)
        {
            Assert.Throws<LowrankException>(() => got.Adapters);
            return;
        }
        Assert.Equal(networks.GetProperty("names").EnumerateArray().Select(name => name.GetString()), got.Adapters.Select(tag => tag.Name));
        Assert.Equal(Numbers("te"), got.Adapters.Select(tag => (double?)tag.TextStrength));
        Assert.Equal(Numbers("unet"), got.Adapters.Select(tag => (double?)tag.UNetStrength));
        Assert.Equal(Numbers("dyn"), got.Adapters.Select(tag => (double?)tag.Rank));

        IEnumerable<double?> Numbers(string name) =>
            networks.GetProperty(name).EnumerateArray().Select(number => number.ValueKind == JsonValueKind.Null ? null : (double?)number.GetDouble());
    }
}
