namespace Lowrank.Cli.Tests;

public class WatchedPipeTests
{
    /// <summary>A pipe that never waits, of little room, whose reader goes after some bytes.</summary>
    sealed class FullPipe(int until) : MemoryStream
    {
        int asked;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Length >= until) throw new IOException("Broken pipe", 32);
            if (asked++ % 2 == 0) throw new IOException("Resource temporarily unavailable", OperatingSystem.IsLinux() ? 11 : 35);
            Assert.InRange(buffer.Length, 1, 512);   // what such a pipe takes whole or not at all
            base.Write(buffer);
        }
    }

    [Fact]
    public void AFullPipeTakesEverythingOnceInTheEnd()
    {
        byte[] text = [.. Enumerable.Range(0, 1300).Select(at => (byte)at)];
        using var full = new FullPipe(int.MaxValue);
        using (var pipe = new WatchedPipe(full, () => Assert.Fail("somebody reads"))) pipe.Write(text);
        Assert.Equal(text, full.ToArray());
    }

    [Fact]
    public void AReaderThatGoesIsToldAndTheRestIsDropped()
    {
        int gone = 0;
        using var full = new FullPipe(512);
        using (var pipe = new WatchedPipe(full, () => gone++)) pipe.Write(new byte[1300]);
        Assert.Equal((1, 512), (gone, full.Length));
    }
}
