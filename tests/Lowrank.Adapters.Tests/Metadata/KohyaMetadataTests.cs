using System.Text.Json.Nodes;

namespace Lowrank.Adapters.Tests;

public class KohyaMetadataTests
{
    static KohyaMetadata Run => new()
    {
        Family = StableDiffusionFamilies.Of("sd1"),
        SessionId = 4000000001,
        StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(1700000001250),
        FinishedAt = DateTimeOffset.FromUnixTimeMilliseconds(1700000062000),
        TotalSteps = 30,
        Steps = 30,
        Epochs = 2,
        Epoch = 2,
        BatchesPerEpoch = 15,
        BatchSize = 2,
        Resolution = (512, 448),
        NetworkArguments = new Dictionary<string, string> { ["conv_dim"] = "4" },
        Folders = [new("10_golden host", 10, 3, KohyaFolder.CountTags(["Golden, blue sky", "golden,  日本"]))],
    };

    [Theory]
    [InlineData("ss_training_started_at", "1700000001.25")]
    [InlineData("ss_training_finished_at", "1700000062.0")]
    [InlineData("ss_training_comment", "None")]
    [InlineData("ss_network_args", "{\"conv_dim\": \"4\"}")]
    [InlineData("ss_v2", "False")]
    [InlineData("ss_num_train_images", "30")]
    [InlineData("ss_resolution", "(512, 448)")]
    [InlineData("ss_dataset_dirs", "{\"10_golden host\": {\"n_repeats\": 10, \"img_count\": 3}}")]
    [InlineData("ss_tag_frequency", "{\"10_golden host\": {\"golden\": 2, \"blue sky\": 1, \"\\u65e5\\u672c\": 1}}")]
    public void ValuesArePythonsText(string key, string text) => Assert.Equal(text, Run.ToMetadata()[key]);

    [Fact]
    public void WhatIsNotKnownIsNotWritten()
    {
        var metadata = Run.ToMetadata();
        Assert.DoesNotContain("ss_sd_model_name", metadata.Keys);
        Assert.All(metadata.Keys, key => Assert.StartsWith("ss_", key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(1e-5, "1e-05")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(-2.5e-10, "-2.5e-10")]
    [InlineData(123456789, "123456789.0")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(1e16, "1e+16")]
    [InlineData(1.5e300, "1.5e+300")]
    [InlineData(double.NaN, "nan")]
    public void FloatsAreWrittenAsReprDoes(double value, string text) => Assert.Equal(text, KohyaMetadata.Text(value));

    [Fact]
    public void JsonIsWrittenAsDumpsDoes() => Assert.Equal(
        "{\"a\": [1, 2.0, null, true, \"q\\\"\\n\\u00e9\\ud83d\\ude00\"], \"b\": {}, \"c\": []}",
        KohyaMetadata.Text(JsonNode.Parse("""{"a":[1,2.0,null,true,"q\"\né😀"],"b":{},"c":[]}""")));
}
