using System.Globalization;
using System.Text.Json;
using Lowrank.Testing;
using Lowrank.Training;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>What cases of objectives have in common.</summary>
static class ObjectiveGoldens
{
    /// <summary>The loss is the case's, and every metric that the case has.</summary>
    public static void AssertLoss(GoldenCase c, ObjectiveLoss got)
    {
        c.AssertClose(got.Loss.to(ScalarType.Float64), tensor(Number(c["expected"].GetProperty("loss"))), "loss");
        if (c["expected"].TryGetProperty("metrics", out var metrics)) AssertMetrics(c, metrics, got.Metrics);
    }

    public static void AssertMetrics(GoldenCase c, JsonElement metrics, IReadOnlyDictionary<string, double> got)
    {
        foreach (var metric in metrics.EnumerateObject())
        {
            Assert.True(got.ContainsKey(metric.Name), $"{c.Name}: {metric.Name} is missing; there are {string.Join(", ", got.Keys)}");
            c.AssertClose(tensor(got[metric.Name]), tensor(Number(metric.Value)), metric.Name);
        }
        Assert.Equal(metrics.EnumerateObject().Select(metric => metric.Name).Order(), got.Keys.Order());
    }

    public static double Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetDouble();
}
