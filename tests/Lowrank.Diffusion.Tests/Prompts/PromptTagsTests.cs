namespace Lowrank.Diffusion.Tests;

/// <summary>Tags of prompts beyond the goldens.</summary>
public sealed class PromptTagsTests
{
    static AdapterTag Only(string prompt) => PromptTags.Read(prompt).Adapters.Single();

    [Fact]
    public void TagsOfOneKindStandTogetherInTheOrderOfTheKinds()
    {
        var tags = PromptTags.Read("a <lyco:b:1> <lora:a> <hypernet:h:1><lyco:c>");
        Assert.Equal(["b", "c", "a"], tags.Adapters.Select(tag => tag.Name));
        Assert.Equal("<hypernet:h:1>", tags.Others.Single().ToString());
    }

    [Theory]
    [InlineData("<lora:x:1:start=5>", 4, null)]
    [InlineData("<lora:x:1:stop=10>", 0, 9)]
    [InlineData("<lora:x:1:step=5-10>", 4, 9)]
    [InlineData("<lora:x:1:start=0:stop=1>", 0, 0)]
    [InlineData("<lora:x:1>", 0, null)]
    public void StepsAreCountedFromOne(string prompt, int from, int? to) => Assert.Equal(new StepRange(from, to), Only(prompt).Steps);

    [Fact]
    public void WhatATagSaysInVainIsTold() =>
        Assert.Equal(["4", "5", "foo=3"], Only("<lora:x:1:2:3:4:5:foo=3:lbw=OUTALL>").Unread);

    [Theory]
    [InlineData("<lora:te=1>", "names no adapter")]
    [InlineData("<lora:x:1:dyn=4.0>", "\"4.0\" is no number")]
    [InlineData("<lora:x:step=5>", "step=5 is no range of steps")]
    [InlineData("<lora:x:start=a>", "\"a\" is no number")]
    public void WhatCannotBeReadIsNamed(string prompt, string fault) =>
        Assert.Contains(fault, Assert.Throws<LowrankException>(() => Only(prompt)).Message);

    [Fact]
    public void TheLastOfOneNameCountsForAllInTheWebUi()
    {
        var tags = AdapterTag.Settled(PromptTags.Read("<lora:a:1><lora:b:2><lora:a:0.5>").Adapters);
        Assert.Equal([0.5, 2, 0.5], tags.Select(tag => tag.UNetStrength));
    }

    [Theory]
    [InlineData("OUTALL", "BASE", 1)]
    [InlineData("OUTALL", "IN04", 0)]
    [InlineData("OUTALL", "OUT03", 1)]
    [InlineData("OUTALL", "OUT02", 0)]   // in no list of 17
    [InlineData("MIDD", "MID1", 1)]
    [InlineData("NONE", null, 1)]
    [InlineData("NONE", "EMB", 1)]
    [InlineData("1,0,0,0,0.25,0,0,0,0,0,0,-2", "OUT05", -2)]
    [InlineData("1,0,0,0,0.25,0,0,0,0,0,0,-2", "IN08", 0.25)]
    [InlineData("X,0,0,0,X+0.25,X-1,0,0,0,0,0,0", "IN08", 0.75)]
    [InlineData("X,0,0,0,X+0.25,X-1,0,0,0,0,0,0", "MID0", -0.5)]
    [InlineData("0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19", "OUT00", 11)]
    [InlineData("0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25", "OUT11", 25)]
    public void BlocksWeighByTheirList(string text, string? block, double weight) =>
        Assert.Equal(weight, BlockWeights.Read(text, x: 0.5).For(block), 12);

    [Fact]
    public void ChanceIsSettledByTheSeed()
    {
        const string text = "R,U,0,0,0,0,0,0,0,0,0,0";
        var (one, same, other) = (BlockWeights.Read(text, seed: 3), BlockWeights.Read(text, seed: 3), BlockWeights.Read(text, seed: 4));
        Assert.Equal(one.For("BASE"), same.For("BASE"));
        Assert.NotEqual(one.For("BASE"), other.For("BASE"));
        Assert.InRange(one.For("BASE"), 0, 1);
        Assert.InRange(one.For("IN04"), -0.5, 1.5);
    }

    [Theory]
    [InlineData("OUTALLL", "no preset")]
    [InlineData("1,2,3", "have 3 values")]
    [InlineData("1,0,0,0,a,0,0,0,0,0,0,0", "\"a\" is no weight")]
    public void BlockWeightsThatAreNoneAreNamed(string text, string fault) =>
        Assert.Contains(fault, Assert.Throws<LowrankException>(() => BlockWeights.Read(text)).Message);

    [Theory]
    [InlineData("ATTNDEEPOFF", "mid_block.attentions.0.transformer_blocks.0.attn1.to_q", "MID1", 0.0)]
    [InlineData("ATTNDEEPOFF", "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q", "IN01", null)]
    [InlineData("ATTNDEEPON", "up_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k", "OUT05", 1.0)]
    [InlineData("PROJDEEPOFF", "down_blocks.1.attentions.0.proj_in", "IN05", 0.0)]
    [InlineData("PROJDEEPOFF", "down_blocks.1.resnets.0.time_emb_proj", "IN05", null)]
    [InlineData("PROJDEEPOFF", "text_model.encoder.layers.0.self_attn.q_proj", "BASE", null)]
    public void ElementsWeighInDeepBlocks(string preset, string path, string block, double? weight) =>
        Assert.Equal(weight, BlockElements.Named(preset).For(path, block));

    [Fact]
    public void AStepThatIsNoRangeIsToldWithWhatElseIsNotKnown()
    {
        string said = Assert.Throws<LowrankException>(() => AdapterTag.Of(PromptTags.Read("<lora:ink:1:foo=3:step=9>").Tags[0])).Message;
        Assert.Equal("In <lora:ink:1:foo=3:step=9>, step=9 is no range of steps: write step=5-20; and foo=3 means nothing there.", said);
    }
}
