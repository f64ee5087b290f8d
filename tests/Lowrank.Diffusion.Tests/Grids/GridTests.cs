namespace Lowrank.Diffusion.Tests;

/// <summary>Cells of grids over plain records.</summary>
public class GridTests
{
    sealed record Job(long Seed = 7, long Steps = 1, string Model = "a");

    static readonly GridSubject<Job> subject = new(_ => (10, 10), (job, later) => job with { Seed = job.Seed + later }, () => 4711);

    static readonly GridAxis<Job>
        steps = new("Steps", GridValueKind.Whole, (job, value, _) => job with { Steps = value.Whole }),
        seeds = new("Seed", GridValueKind.Whole, (job, value, _) => job with { Seed = value.Whole }) { HoldsSeeds = true },
        models = new("Model", GridValueKind.Text, (job, value, _) => job with { Model = value.Text }) { Cost = 1 };

    static Grid<Job> Over(params GridChoice<Job>[] choices) => new(new Job(), subject, choices);

    [Fact]
    public void EveryPlaceIsFilledOnceWhateverTheOrder()
    {
        var grid = Over(new(models, "a,b"), new(steps, "1-3"), new(seeds, "5,6"));

        Assert.Equal(12, grid.Cells.Select(cell => (cell.X, cell.Y, cell.Z)).Distinct().Count());
        Assert.All(grid.Cells, cell => Assert.Equal(new Job(5 + cell.Z, 1 + cell.Y, cell.X == 0 ? "a" : "b"), cell.Job));
        Assert.Equal(["a", "b"], grid.Cells.Select(cell => cell.Job.Model).Distinct());
        Assert.True(grid.Cells.Take(6).All(cell => cell.Job.Model == "a"), "the slow axis changes once");
    }

    [Fact]
    public void ASeedOfMinusOneIsDrawnAndTold()
    {
        var grid = Over(new GridChoice<Job>(seeds, "-1,3"));

        Assert.Equal([4711, 3], grid.Cells.Select(cell => cell.Job.Seed));
        Assert.Contains(new("Fixed X Values", "4711, 3"), grid.Facts);
    }

    [Fact]
    public void SeedsCountUpAlongTheAxesThatAsk()
    {
        var grid = Over(new(steps, "1,2", VariesSeed: true), new(models, "a,b"), new(steps, "1,2,3", VariesSeed: true));

        Assert.All(grid.Cells, cell => Assert.Equal(7 + cell.X + 2 * cell.Z, cell.Job.Seed));
    }

    [Fact]
    public void AnAxisOfALaterTurnIsSetOverTheOthers()
    {
        var first = steps with { Set = (job, value, _) => job with { Steps = 10 * value.Whole } };
        var second = steps with { Set = (job, value, _) => job with { Steps = job.Steps + value.Whole }, Turn = 1 };

        Assert.Equal(31, Assert.Single(Over(new(second, "1"), new(first, "3")).Cells).Job.Steps);
    }

    [Fact]
    public void AWrongValueIsToldWithItsAxis()
    {
        var error = Assert.Throws<LowrankException>(() => Over(new GridChoice<Job>(steps, "1,x")));

        Assert.Contains("\"x\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"Steps\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmptyRangeIsNoErrorButANote()
    {
        var grid = Over(new GridChoice<Job>(steps, "5-1"));

        Assert.Empty(grid.Cells);
        Assert.Contains("5-1", Assert.Single(grid.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void AGridThatIsTooLargeIsRefusedBeforeItIsBuilt() =>
        Assert.Contains("megapixels", Assert.Throws<LowrankException>(() => Over(new(steps, "1-9999"), new(steps, "1-9999"))).Message, StringComparison.Ordinal);

    [Fact]
    public void PicturesStandWhereTheirCellsSay()
    {
        var grid = Over(new(models, "a,b"), new(steps, "1,2"));
        var pictures = grid.Cells.Select(cell => Picture.Filled(30, 20, (byte)(100 + cell.X), (byte)(100 + cell.Y), 0)).ToList();

        var whole = grid.Compose(pictures, new GridLook(Margin: 2));

        int across = whole.Width - 32, down = whole.Height - 22;
        byte[] At(int x, int y) => whole.Pixels[(3 * (y * whole.Width + x))..(3 * (y * whole.Width + x) + 2)];
        Assert.Equal([101, 101], At(across + 5, down + 5));
        Assert.Equal([100, 101], At(across - 32 + 5, down + 5));
        Assert.Equal([101, 100], At(across + 5, down - 22 + 5));
    }

    [Fact]
    public void ThreeAxesLieSideBySideUnderTheirLabels()
    {
        var flat = Over(new(steps, "1,2"), new(steps, "1,2"));
        var deep = Over(new(steps, "1,2"), new(steps, "1,2"), new(models, "a,b,c"));

        var (one, three) = (Composed(flat), Composed(deep));

        Assert.True(three.Width > 3 * one.Width && three.Height > one.Height, $"{three.Width}x{three.Height} holds three of {one.Width}x{one.Height}");
    }

    static Picture Composed(Grid<Job> grid) => grid.Compose([.. grid.Cells.Select(_ => Picture.Filled(40, 40, 0, 0, 0))]);
}
