namespace Lowrank.Training.Tests;

/// <summary>Which learning rate a component has goes by what it does, not by its name.</summary>
public sealed class RateGroupsTests
{
    static readonly Dictionary<string, ComponentRole> roles = new()
    {
        ["prior"] = ComponentRole.Denoiser, ["words"] = ComponentRole.TextEncoder, ["text_encoder_of_mine"] = ComponentRole.Network,
    };

    static Lora Small(string path) =>
        new(new Target(path, LayerKind.Linear, [3, 3]), zeros([1, 3], device: CPU), zeros([3, 1], device: CPU));

    [Fact]
    public void TextEncodersHaveTheirRateAndAllElseHasTheOther()
    {
        using var adapter = new Adapter("adapter", [Small("words.q"), Small("prior.q"), Small("text_encoder_of_mine.q")]);
        var groups = RateGroups.Of(adapter, roles, [], unetRate: 2, textEncoderRate: 3, new LoraPlus(TextEncoderRatio: 4));
        Assert.Equal([("unet", 2), ("text_encoder", 3), ("text_encoder plus", 12)], groups.Select(group => (group.Name, group.Rate)));
        Assert.Equal(["prior.q", "text_encoder_of_mine.q"], groups[0].Parameters.Select(parameter => parameter.Target).Distinct());
        Assert.All(groups.Skip(1), group => Assert.Equal(["words.q"], group.Parameters.Select(parameter => parameter.Target).Distinct()));
    }

    [Theory, InlineData(true, false), InlineData(false, true)]
    public void ARecipeChoosesComponentsByWhatTheyDo(bool unet, bool text)
    {
        var plan = new NetworkSection { TrainUnet = unet, TrainTextEncoder = text }.ToPlan();
        Assert.Equal((unet, unet, text), (plan.Components(ComponentRole.Denoiser), plan.Components(ComponentRole.Network), plan.Components(ComponentRole.TextEncoder)));
    }
}
