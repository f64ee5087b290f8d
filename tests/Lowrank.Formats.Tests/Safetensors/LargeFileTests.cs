using System.Text.Json;

namespace Lowrank.Formats.Tests;

public class LargeFileTests
{
    const int Tensors = 2500;
    const long Bytes = 7L << 30;

    static void Make(string path)
    {
        long each = Bytes / Tensors / 2 * 2;
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(Enumerable.Range(0, Tensors).ToDictionary(
            i => $"model.diffusion_model.input_blocks.{i}.1.transformer_blocks.0.attn1.to_q.weight",
            i => new { dtype = "F16", shape = new[] { each / 2 }, data_offsets = new[] { i * each, (i + 1) * each } }));
        SparseFile.Create(path, [.. BitConverter.GetBytes((long)json.Length), .. json], 8 + json.Length + Tensors * each);
    }

    [Fact]
    public void OpeningSevenGigabytesTakesUnderATenthOfASecondAndNoMemoryButTheHeaders()
    {
        using var folder = new TemporaryFolder();
        Make(folder.File("large.safetensors"));
        long allocated = 0;
        BestTime.AssertBelow(TimeSpan.FromMilliseconds(100), () =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            using var file = Containers.Open(folder.File("large.safetensors"));
            Assert.Equal(Tensors, file.Tensors.Count);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        // The names as UTF-8 and as strings, and an entry for each.
        Assert.True(allocated < 8 << 20, $"{allocated} bytes");
    }
}
